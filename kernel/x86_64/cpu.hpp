// The processor's instructions that C++ has no words for.
#pragma once

#include <cstdint>

namespace uk::x86_64 {

struct cpuid_leaf {
    std::uint32_t eax, ebx, ecx, edx;
};

inline cpuid_leaf cpuid(std::uint32_t leaf, std::uint32_t sub = 0) {
    cpuid_leaf r;
    asm volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(sub));
    return r;
}

/// The first leaf of the hypervisor's own; there is one only if `has_hypervisor`.
inline constexpr std::uint32_t hypervisor_leaf = 0x40000000;

inline bool has_hypervisor() { return cpuid(1).ecx >> 31 & 1; }

inline std::uint64_t cycles() {
    std::uint32_t low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return std::uint64_t{high} << 32 | low;
}

inline std::uint64_t read_msr(std::uint32_t number) {
    std::uint32_t low, high;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return std::uint64_t{high} << 32 | low;
}

inline void write_msr(std::uint32_t number, std::uint64_t value) {
    asm volatile("wrmsr" : : "c"(number), "a"(static_cast<std::uint32_t>(value)), "d"(value >> 32) : "memory");
}

inline std::uintptr_t fault_address() {
    std::uintptr_t address;
    asm volatile("movq %%cr2, %0" : "=r"(address));
    return address;
}

[[noreturn]] inline void stop() {
    for (;;) asm volatile("cli; hlt");
}

} // namespace uk::x86_64

extern "C" {
void uk_sleep();           ///< vectors.S: opens interrupts and sleeps as one step; returns with them closed
void uk_take_interrupts(); ///< vectors.S: lets in what waits
[[noreturn]] void uk_call_on_stack(void* end, void (*function)());
}
