// A heap over one range of memory: free blocks in lists by size class (two levels: power of two, then eighths), found
// through bitmaps, so that taking and giving back cost the same whatever the heap holds; neighbours that are free become one
// block. The idea is TLSF's (Masmano et al., 2004). Every block has a header that is checked before it is believed.
// Memory that was never needed is never touched: a host commits only what is used.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace uk::heap {

/// What broke the heap, and the block where it was noticed. Must not return. malloc.cpp panics; tests have their own.
[[noreturn]] void report_corruption(const char* what, const void* block);

class heap {
  public:
    constexpr heap() = default;
    heap(const heap&) = delete;
    heap& operator=(const heap&) = delete;

    /// The memory to share out. Once, before anything else.
    void start(std::span<std::byte> memory);

    /// At least `size` bytes, aligned to 16; null when there is no such block. `size` 0 gives a block of its own.
    void* allocate(std::size_t size);
    /// As `allocate`, with an alignment that is a power of two.
    void* allocate_aligned(std::size_t alignment, std::size_t size);
    /// Gives a block back. Null is nothing.
    void free(void* memory);
    /// Makes a block larger or smaller where it lies; false if its neighbour is in the way.
    bool resize(void* memory, std::size_t size);
    /// Bytes that a block has, at least those asked for.
    std::size_t usable_size(const void* memory) const;

    bool is_started() const { return first_ != nullptr; }
    /// Walks every block and checks it against its neighbours; reports what is wrong. Returns the free bytes. For tests.
    std::size_t check() const;

  private:
    // All sizes in units of 16 bytes. A block is its header and what follows; a free one keeps its links there.
    struct block {
        std::uint32_t units; // with the header
        std::uint32_t previous; // units of the block before it; 0 for the first
        std::uint32_t state;
        std::uint32_t seal; // of the three above and the address
    };
    struct links {
        block *next, *previous;
    };
    struct size_class {
        unsigned row, column;
    };

    static constexpr std::size_t unit = 16;
    static constexpr unsigned column_bits = 3, columns = 1u << column_bits, rows = 32 - column_bits + 1;
    static constexpr std::uint32_t used = 0x55534544, unused = 0x46524545, merged = 0x4d455247; // USED, FREE, MERG
    static constexpr std::uint32_t least_units = 2;

    static std::uint32_t seal_of(const block& b);
    static void write(block* b, std::uint32_t units, std::uint32_t previous, std::uint32_t state);
    static void believe(const block* b);
    static block* after(const block* b) { return const_cast<block*>(b) + b->units; }
    static block* before(const block* b) { return const_cast<block*>(b) - b->previous; }
    static links& links_of(block* b) { return *reinterpret_cast<links*>(b + 1); }
    static block* block_of(const void* memory);
    static size_class class_of(std::uint32_t units);
    static std::uint32_t units_for(std::size_t size);

    bool holds(const block* b) const;
    void insert(block* b);
    void remove(block* b);
    block* find(std::uint32_t units);
    void cut(block* b, std::uint32_t units);
    block* join_next(block* b);

    block* first_ = nullptr;
    block* last_ = nullptr; // a used block without contents ends the range
    std::uint32_t row_map_ = 0;
    std::array<std::uint8_t, rows> column_map_{};
    std::array<std::array<block*, columns>, rows> free_{};
};

} // namespace uk::heap
