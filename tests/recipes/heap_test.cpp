// The heap against a reference, and what it notices.
#include <cstring>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "recipes/heap/0.1.0/src/heap.hpp"

namespace uk::heap {

struct corruption {
    std::string what;
};

// On the host, what would be a panic is an exception.
void report_corruption(const char* what, const void*) { throw corruption{what}; }

} // namespace uk::heap

namespace {

using uk::heap::corruption;

struct a_heap {
    explicit a_heap(std::size_t size) : memory(size) { heap.start(memory); }

    std::vector<std::byte> memory;
    uk::heap::heap heap;
};

template <class Action>
std::string complaint_of(Action action) {
    try {
        action();
    } catch (const corruption& found) {
        return found.what;
    }
    return "nothing";
}

TEST(heap, random_use_agrees_with_a_reference) {
    a_heap a(1 << 20);
    const std::size_t all = a.heap.check();
    struct given {
        std::size_t size;
        unsigned char fill;
    };
    std::map<unsigned char*, given> blocks;
    std::mt19937 random(7);
    const auto intact = [](const unsigned char* memory, std::size_t size, unsigned char fill) {
        for (std::size_t i = 0; i < size; ++i)
            if (memory[i] != fill) return false;
        return true;
    };
    const auto apart = [&](unsigned char* memory, std::size_t size) {
        const auto next = blocks.upper_bound(memory);
        if (next != blocks.end() && memory + size > next->first) return false;
        if (next == blocks.begin()) return true;
        const auto before = std::prev(next);
        return before->first + before->second.size <= memory;
    };
    int refused = 0;
    for (int step = 0; step < 200'000; ++step) {
        const auto fill = static_cast<unsigned char>(random());
        const std::size_t size = random() % (random() % 8 == 0 ? 40'000 : 300);
        switch (random() % 5) {
        case 0:
        case 1: {
            const std::size_t alignment = random() % 4 ? 16 : std::size_t{16} << random() % 9;
            auto* memory = static_cast<unsigned char*>(a.heap.allocate_aligned(alignment, size));
            if (!memory) {
                ++refused;
                break;
            }
            ASSERT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignment, 0u);
            ASSERT_TRUE(apart(memory, size));
            ASSERT_GE(memory, reinterpret_cast<unsigned char*>(a.memory.data()));
            ASSERT_LE(memory + size, reinterpret_cast<unsigned char*>(a.memory.data() + a.memory.size()));
            std::memset(memory, fill, size);
            blocks[memory] = {size, fill};
            break;
        }
        case 2:
        case 3: {
            if (blocks.empty()) break;
            auto chosen = std::next(blocks.begin(), static_cast<std::ptrdiff_t>(random() % blocks.size()));
            ASSERT_TRUE(intact(chosen->first, chosen->second.size, chosen->second.fill));
            a.heap.free(chosen->first);
            blocks.erase(chosen);
            break;
        }
        case 4: {
            if (blocks.empty()) break;
            auto chosen = std::next(blocks.begin(), static_cast<std::ptrdiff_t>(random() % blocks.size()));
            const std::size_t kept = std::min(size, chosen->second.size);
            if (!a.heap.resize(chosen->first, size)) break;
            ASSERT_TRUE(intact(chosen->first, kept, chosen->second.fill));
            blocks[chosen->first] = {size, chosen->second.fill};
            ASSERT_GE(a.heap.usable_size(chosen->first), size);
            std::memset(chosen->first, chosen->second.fill, size);
            break;
        }
        }
        if (step % 1000 == 0) a.heap.check();
    }
    EXPECT_GT(refused, 0) << "the test should have met exhaustion";
    for (const auto& [memory, what] : blocks) {
        EXPECT_TRUE(intact(memory, what.size, what.fill));
        a.heap.free(memory);
    }
    EXPECT_EQ(a.heap.check(), all) << "everything given back is one free block again";
}

TEST(heap, gives_everything_and_takes_it_back) {
    a_heap a(64 * 1024);
    for (int round = 0; round < 3; ++round) {
        std::vector<void*> blocks;
        while (void* memory = a.heap.allocate(1000)) blocks.push_back(memory);
        EXPECT_EQ(blocks.size(), 63u) << "1000 bytes and a header are 1024, and the end takes 16";
        for (void* memory : blocks) a.heap.free(memory);
    }
    EXPECT_NE(a.heap.allocate(60 * 1024), nullptr);
}

TEST(heap, pages_lie_close_together) {
    a_heap a(64 * 4096 + 4096);
    int pages = 0;
    while (a.heap.allocate_aligned(4096, 4096 - 64)) ++pages;
    EXPECT_GE(pages, 62);
}

TEST(heap, too_large_is_null) {
    a_heap a(4096);
    for (const std::size_t size :
         {std::size_t{4096}, std::size_t{1} << 33, std::size_t{1} << 40, ~std::size_t{0}, ~std::size_t{0} - 15})
        EXPECT_EQ(a.heap.allocate(size), nullptr) << size;
    EXPECT_EQ(a.heap.allocate_aligned(std::size_t{1} << 62, 16), nullptr);
}

TEST(heap, a_heap_without_memory_gives_nothing) {
    a_heap a(16);
    EXPECT_EQ(a.heap.allocate(1), nullptr);
}

TEST(heap, notices_a_double_free) {
    a_heap a(4096);
    void* memory = a.heap.allocate(10);
    void* wall = a.heap.allocate(10);
    a.heap.free(memory);
    EXPECT_EQ(complaint_of([&] { a.heap.free(memory); }), "heap: double free");
    a.heap.free(wall);
    EXPECT_EQ(complaint_of([&] { a.heap.free(wall); }), "heap: double free")
        << "also after it was joined to a neighbour";
}

TEST(heap, notices_a_write_behind_a_block) {
    a_heap a(4096);
    auto* memory = static_cast<char*>(a.heap.allocate(16));
    void* next = a.heap.allocate(16);
    std::memset(memory, 'x', 17);
    EXPECT_EQ(complaint_of([&] { a.heap.free(next); }), "heap: a block's header was overwritten");
}

TEST(heap, notices_a_write_after_free) {
    a_heap a(4096);
    auto* memory = static_cast<char*>(a.heap.allocate(100));
    void* wall = a.heap.allocate(16);
    a.heap.free(memory);
    std::memset(memory + 8, 0x41, 8);
    const auto use = [&] { a.heap.free(wall); };
    EXPECT_EQ(complaint_of(use), "heap: a block was written to after it was freed");
}

TEST(heap, notices_a_foreign_pointer) {
    a_heap a(4096);
    alignas(16) char own[64] = {};
    EXPECT_EQ(complaint_of([&] { a.heap.free(own + 32); }), "heap: a block's header was overwritten");
    EXPECT_EQ(complaint_of([&] { a.heap.free(static_cast<char*>(a.heap.allocate(64)) + 8); }),
              "heap: free of something that malloc didn't give");
}

} // namespace
