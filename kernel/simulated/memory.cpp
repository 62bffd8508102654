// Memory from Linux at addresses of our own choice: the heap, and above it the stacks, each behind a gap where nothing is.
#include <uk/platform.hpp>

#include <new>

#include <hosted/process.hpp>
#include <simulated/simulation.hpp>
#include <uk/hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::mmap);

namespace uk {
namespace {

constexpr std::size_t page_size = 4096;
constexpr std::size_t default_memory = std::size_t{256} << 20, least_memory = std::size_t{1} << 20;
constexpr std::uintptr_t heap_begin = 0x10'0000'0000, stacks_begin = 0x20'0000'0000;

std::byte* map(std::uintptr_t where, std::size_t size) {
    // linux/mman.h: private, anonymous, no reserve, fixed and nothing replaced
    constexpr long read_write = 3, how = 0x2 | 0x20 | 0x4000 | 0x100000;
    const long place = hosted::system_call(hosted::call::mmap, static_cast<long>(where), static_cast<long>(size),
                                           read_write, how, -1L, 0L);
    return place == static_cast<long>(where) ? reinterpret_cast<std::byte*>(place) : nullptr;
}

constexpr std::size_t round_up(std::size_t size) { return (size + page_size - 1) & ~(page_size - 1); }

constinit std::uintptr_t next_stack = stacks_begin;
constinit simulated::stack_record* records = nullptr;
constinit simulated::stack_record** last_record = &records;

} // namespace

const simulated::stack_record* simulated::first_stack_record() { return records; }

std::span<std::byte> platform::heap() {
    std::size_t size = image::memory_size ? round_up(image::memory_size) : default_memory;
    for (; size >= least_memory; size /= 2)
        if (std::byte* place = map(heap_begin, size)) return {place, size};
    return {};
}

result<std::span<std::byte>> platform::allocate_stack(std::size_t size) {
    size = round_up(size);
    for (simulated::stack_record* r = records; r; r = r->next) {
        if (r->used || r->size != size) continue;
        r->used = true;
        return std::span{r->place, size};
    }
    // The record lies in a page below the gap.
    std::byte* place = map(next_stack + page_size + hosted::stack_guard_size, size);
    std::byte* note = map(next_stack, page_size);
    if (!place || !note) return error::out_of_memory;
    auto* record = new (note) simulated::stack_record{place, size, true, nullptr};
    *last_record = record;
    last_record = &record->next;
    next_stack += page_size + hosted::stack_guard_size + size;
    return std::span{place, size};
}

void platform::free_stack(std::span<std::byte> stack) {
    for (simulated::stack_record* r = records; r; r = r->next)
        if (r->place == stack.data()) r->used = false;
}

} // namespace uk
