// Memory from Linux: one range for the allocator, committed as it is touched; stacks apart, each above a guard page.
// Stacks that are given back are kept for the next fiber.
#include <uk/platform.hpp>

#include <new>

#include <hosted/process.hpp>
#include <uk/hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::mmap, uk::hosted::call::munmap, uk::hosted::call::mprotect);

namespace uk::platform {
namespace {

using hosted::call;
using hosted::system_call;

constexpr std::size_t page_size = 4096;
constexpr std::size_t guard_size = hosted::stack_guard_size;
constexpr std::size_t default_memory = std::size_t{1} << 30, least_memory = std::size_t{1} << 20;
constexpr std::size_t most_spare = 32;

// linux/mman.h
constexpr long prot_none = 0, prot_read_write = 3;
constexpr long map_private = 0x2, map_anonymous = 0x20, map_noreserve = 0x4000;

std::byte* map(std::size_t size) {
    const long place = system_call(call::mmap, 0L, static_cast<long>(size), prot_read_write,
                                   map_private | map_anonymous | map_noreserve, -1L, 0L);
    return place < 0 && place > -4096 ? nullptr : reinterpret_cast<std::byte*>(place);
}

// Lies in a spare stack's first bytes.
struct spare_stack {
    spare_stack* next;
    std::size_t size;
};

constinit spare_stack* spares = nullptr;
constinit std::size_t spare_count = 0;

} // namespace

std::span<std::byte> heap() {
    std::size_t size = default_memory;
    if (image::memory_size) size = (image::memory_size + page_size - 1) & ~(page_size - 1);
    for (; size >= least_memory; size /= 2) // where the host doesn't overcommit
        if (std::byte* place = map(size)) return {place, size};
    return {};
}

result<std::span<std::byte>> allocate_stack(std::size_t size) {
    size = (size + page_size - 1) & ~(page_size - 1);
    for (spare_stack** s = &spares; *s; s = &(*s)->next) {
        spare_stack* found = *s;
        if (found->size != size) continue;
        *s = found->next;
        --spare_count;
        return std::span{reinterpret_cast<std::byte*>(found), size};
    }
    std::byte* guard = map(guard_size + size);
    if (!guard) return error::out_of_memory;
    if (system_call(call::mprotect, guard, static_cast<long>(guard_size), prot_none) != 0) {
        system_call(call::munmap, guard, static_cast<long>(guard_size + size));
        return error::out_of_memory;
    }
    return std::span{guard + guard_size, size};
}

void free_stack(std::span<std::byte> stack) {
    if (spare_count < most_spare) {
        spares = new (stack.data()) spare_stack{spares, stack.size()};
        ++spare_count;
        return;
    }
    system_call(call::munmap, stack.data() - guard_size, static_cast<long>(guard_size + stack.size()));
}

} // namespace uk::platform
