#include <x86_64/boot_memory.hpp>

#include <cstring>

#include <uk/platform.hpp>

#include <x86_64/layout.hpp>
#include <x86_64/paging.hpp>

namespace uk::x86_64 {
namespace {

using memory::range;

constexpr std::size_t most_ranges = 16;
constexpr std::size_t most_modules = 4;

constinit range free_memory{};
constinit std::uint64_t memory_begin = 0;
constinit bool heap_given = false;
constinit std::string_view command_line{};

range object(std::uint64_t address, std::uint64_t size) { return {address, address ? address + size : 0}; }

/// What the loader left, wherever it is, through a mapping made for it. QEMU leaves some of it in page 0.
[[gnu::noinline]] const void* readable(std::uint64_t address, std::size_t size) {
    const bool good = address && map(address, address + size, access::read);
    return good ? reinterpret_cast<const void*>(address) : nullptr;
}

/// Maps the heap's range. Each GiB of it needs a table; where memory is large, what is already mapped of it gives them.
void map_free(range all) {
    constexpr std::uint64_t gib = 1 << 30;
    memory_begin = free_memory.begin = free_memory.end = all.begin;
    while (free_memory.end < all.end) {
        const std::uint64_t next = (free_memory.end | (gib - 1)) + 1;
        const std::uint64_t end = next < all.end ? next : all.end;
        if (!map(free_memory.end, end, access::read_write)) return;
        free_memory.end = end;
        while (tables_are_short()) {
            void* page = take_pages(page_size);
            if (!page) return;
            give_table_page(page);
        }
    }
}

/// Page 0 is about to go: what is needed of it moves.
void leave_page_0() {
    if (reinterpret_cast<std::uintptr_t>(command_line.data()) < page_size && !command_line.empty()) {
        void* copy = take_pages(command_line.size());
        if (copy) std::memcpy(copy, command_line.data(), command_line.size());
        command_line = {static_cast<const char*>(copy), copy ? command_line.size() : 0};
    }
    protect(0, access::none);
}

} // namespace

bool start_memory(const pvh::start_info& info) {
    const pvh::start_info copy = info; // behind the switch it is mapped no more
    map_image();
    use_tables();

    if (copy.magic != pvh::magic || copy.version < 1) return false;
    range taken[5 + most_modules] = {
        {0, reinterpret_cast<std::uint64_t>(&uk_image_end)},
        object(reinterpret_cast<std::uint64_t>(&info), sizeof info),
        object(copy.memory_map, copy.memory_map_count * sizeof(pvh::memory_range)),
        object(copy.modules, copy.module_count * sizeof(pvh::module)),
    };
    std::size_t count = 4;

    if (copy.module_count > 0) {
        const auto* modules =
            static_cast<const pvh::module*>(readable(copy.modules, copy.module_count * sizeof(pvh::module)));
        for (std::size_t i = 0; modules && i < copy.module_count && i < most_modules; ++i)
            taken[count++] = object(modules[i].address, modules[i].size);
    }
    if (copy.command_line) {
        const auto* text = static_cast<const char*>(readable(copy.command_line, page_size));
        std::size_t length = 0;
        while (text && length < page_size && text[length]) ++length;
        command_line = {text, length};
        taken[count++] = object(copy.command_line, length + 1);
    }

    const auto* map_entries = static_cast<const pvh::memory_range*>(
        readable(copy.memory_map, copy.memory_map_count * sizeof(pvh::memory_range)));
    if (!map_entries) return false;
    range ram[most_ranges];
    std::size_t ranges = 0;
    for (std::size_t i = 0; i < copy.memory_map_count && ranges < most_ranges; ++i)
        if (map_entries[i].type == pvh::ram)
            ram[ranges++] = {map_entries[i].address, map_entries[i].address + map_entries[i].size};

    map_free(memory::largest_free({ram, ranges}, {taken, count}));
    if (free_memory.size() == 0) return false;
    leave_page_0();
    return true;
}

void* take_pages(std::size_t bytes) {
    bytes = (bytes + page_size - 1) & ~(page_size - 1);
    if (heap_given || bytes > free_memory.size()) return nullptr;
    free_memory.begin += bytes;
    return reinterpret_cast<void*>(free_memory.begin - bytes);
}

bool was_taken(const void* page) {
    const auto address = reinterpret_cast<std::uintptr_t>(page);
    return address >= memory_begin && address < free_memory.begin;
}

} // namespace uk::x86_64

namespace uk::platform {

std::span<std::byte> heap() {
    x86_64::heap_given = true;
    return {reinterpret_cast<std::byte*>(x86_64::free_memory.begin), x86_64::free_memory.size()};
}

std::string_view command_line() { return x86_64::command_line; }

} // namespace uk::platform
