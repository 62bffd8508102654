// Stacks: pages of the heap's range while nobody has claimed it, then of the allocator; below each one page that is not
// mapped. So stacks and heap share all memory, and neither has a limit of its own.
#include <new>

#include <uk/platform.hpp>

#include <x86_64/boot_memory.hpp>
#include <x86_64/paging.hpp>
#include <x86_64/stacks.hpp>

extern "C" {
[[gnu::weak]] void* aligned_alloc(std::size_t alignment, std::size_t size);
[[gnu::weak]] void free(void* block);
}

namespace uk::x86_64 {
namespace {

// Left to the allocator for its own words, so that a block of whole pages doesn't cost one page more.
constexpr std::size_t allocator_words = 64;

// Blocks that came from `take_pages`, which no allocator knows, and are free again.
struct block {
    block* next;
    std::size_t size;
};
constinit block* spare = nullptr;

[[gnu::noinline]] void* new_block(std::size_t bytes) {
    for (block** b = &spare; *b; b = &(*b)->next) {
        if ((*b)->size != bytes) continue;
        block* found = *b;
        *b = found->next;
        return found;
    }
    if (void* pages = take_pages(bytes)) return pages;
    return aligned_alloc ? aligned_alloc(page_size, bytes - allocator_words) : nullptr;
}

[[gnu::noinline]] void give_back(void* start, std::size_t bytes) {
    if (was_taken(start)) {
        spare = new (start) block{spare, bytes};
    } else if (free) {
        free(start);
    }
}

/// Makes the first page of a block its guard. False when there is no memory for the table that this may need.
bool guard(std::byte* block, void* (*source)(std::size_t)) {
    const auto page = reinterpret_cast<std::uintptr_t>(block);
    if (needs_table_page(page)) {
        void* table = source(page_size + allocator_words);
        if (!table) return false;
        give_table_page(table);
    }
    return protect(page, access::none);
}

constexpr std::size_t whole_pages(std::size_t size) { return (size + page_size - 1) & ~(page_size - 1); }

} // namespace

std::span<std::byte> first_stack(std::size_t size) {
    size = whole_pages(size);
    auto* block = static_cast<std::byte*>(take_pages(page_size + size));
    if (!block || !guard(block, take_pages)) return {};
    return {block + page_size, size};
}

} // namespace uk::x86_64

namespace uk::platform {

using namespace x86_64;

result<std::span<std::byte>> allocate_stack(std::size_t size) {
    size = whole_pages(size);
    auto* block = static_cast<std::byte*>(new_block(page_size + size));
    if (!block) return error::out_of_memory;
    if (!guard(block, new_block)) {
        give_back(block, page_size + size);
        return error::out_of_memory;
    }
    return std::span{block + page_size, size - allocator_words};
}

void free_stack(std::span<std::byte> stack) {
    std::byte* block = stack.data() - page_size;
    protect(reinterpret_cast<std::uintptr_t>(block), access::read_write);
    give_back(block, page_size + stack.size() + allocator_words);
}

} // namespace uk::platform
