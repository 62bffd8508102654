// A fiber that doesn't run is its stack pointer. See switch.S.
#pragma once

#include <cstdint>

extern "C" {
[[gnu::visibility("hidden")]] void uk_switch(void** from, void* to);
[[gnu::visibility("hidden")]] void uk_fiber_begin();
}

namespace uk::fiber {

/// Makes a stack that ends at `end` (16-byte aligned) ready for `uk_switch`: it will call begin(argument), which never returns.
inline void* prepare(void* end, void (*begin)(void*), void* argument) {
    auto* word = static_cast<std::uint64_t*>(end);
    *--word = reinterpret_cast<std::uint64_t>(uk_fiber_begin);
    *--word = 0; // rbp: the end of a chain of frames
    *--word = 0; // rbx
    *--word = reinterpret_cast<std::uint64_t>(begin); // r12
    *--word = reinterpret_cast<std::uint64_t>(argument); // r13
    *--word = 0;
    *--word = 0;
    *--word = 0x37full << 32 | 0x1f80; // x87 control word and MXCSR as at a program's start: all exceptions masked
    return word;
}

} // namespace uk::fiber
