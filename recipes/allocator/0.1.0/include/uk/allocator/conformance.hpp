// The conformance suite of allocator: what every implementation of malloc and its kin must do.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <uk/conformance.hpp>

namespace uk::allocator {

/// Whether `size` bytes at `memory` all are `value`.
inline bool holds(const unsigned char* memory, std::size_t size, unsigned char value) {
    for (std::size_t i = 0; i < size; ++i)
        if (memory[i] != value) return false;
    return true;
}

inline void conformance(conformance_report& report) {
    constexpr std::size_t count = 64;
    unsigned char* blocks[count];
    bool aligned = true, kept = true, given = true;
    for (std::size_t i = 0; i < count; ++i) {
        blocks[i] = static_cast<unsigned char*>(std::malloc(i * 7));
        if (blocks[i] == nullptr) {
            given = i == 0; // malloc(0) may be null
            continue;
        }
        aligned &= reinterpret_cast<std::uintptr_t>(blocks[i]) % alignof(std::max_align_t) == 0;
        std::memset(blocks[i], static_cast<int>(i), i * 7);
    }
    for (std::size_t i = 0; i < count; i += 2) {
        kept &= holds(blocks[i], i * 7, static_cast<unsigned char>(i));
        std::free(blocks[i]);
    }
    for (std::size_t i = 1; i < count; i += 2) {
        blocks[i] = static_cast<unsigned char*>(std::realloc(blocks[i], i * 13));
        given &= blocks[i] != nullptr;
        if (blocks[i] == nullptr) continue;
        kept &= holds(blocks[i], i * 7, static_cast<unsigned char>(i));
        std::free(blocks[i]);
    }
    report.check("small blocks are given", given);
    report.check("blocks are aligned for every type", aligned);
    report.check("blocks keep their contents, also through realloc", kept);

    auto* zeroed = static_cast<unsigned char*>(std::calloc(33, 31));
    report.check("calloc gives zeroes", zeroed != nullptr && holds(zeroed, 33 * 31, 0));
    std::free(zeroed);

    bool over_aligned = true;
    for (std::size_t alignment = 16; alignment <= 4096; alignment *= 2) {
        void* memory = std::aligned_alloc(alignment, alignment);
        over_aligned &= memory != nullptr && reinterpret_cast<std::uintptr_t>(memory) % alignment == 0;
        std::free(memory);
    }
    report.check("aligned_alloc aligns up to a page", over_aligned);

    errno = 0;
    std::size_t volatile huge = SIZE_MAX / 2;
    report.check("what can't be had is null, with ENOMEM", std::malloc(huge) == nullptr && errno == ENOMEM);
    report.check("calloc sees that its product overflows", std::calloc(huge, 4) == nullptr);

    // Take everything in large steps, give it back, and see that it can be had again.
    struct link {
        link* next;
    };
    const auto take = [](std::size_t step) {
        link* chain = nullptr;
        while (auto* block = static_cast<link*>(std::malloc(step))) {
            block->next = chain;
            chain = block;
        }
        std::size_t taken = 0;
        while (chain != nullptr) {
            link* next = chain->next;
            std::free(chain);
            chain = next;
            ++taken;
        }
        return taken;
    };
    std::size_t step = 64 * 1024;
    const std::size_t first = take(step), second = take(step);
    report.check("memory ends with null, and comes back when freed", first == second);
    std::free(nullptr);
}

} // namespace uk::allocator
