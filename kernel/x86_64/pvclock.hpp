// The clock that KVM and Xen share with a guest: struct pvclock_vcpu_time_info (linux/Documentation/virt/kvm/x86/msr.rst,
// xen/include/public/xen.h). The host updates it; an odd or changed version means: read again.
#pragma once

#include <cstdint>

#include <x86_64/cpu.hpp>

namespace uk::x86_64::pvclock {

struct time_info {
    std::uint32_t version;
    std::uint32_t padding0;
    std::uint64_t tsc_timestamp;
    std::uint64_t system_time; ///< nanoseconds at tsc_timestamp
    std::uint32_t tsc_to_system_mul;
    std::int8_t tsc_shift;
    std::uint8_t flags;
    std::uint8_t padding[2];
};
static_assert(sizeof(time_info) == 32);

/// Civil time at system time 0.
struct wall_clock {
    std::uint32_t version;
    std::uint32_t seconds;
    std::uint32_t nanoseconds;
};

/// Nanoseconds of the host's clock for this guest.
inline std::uint64_t read(const volatile time_info& shared) {
    for (;;) {
        const std::uint32_t version = shared.version;
        asm volatile("" : : : "memory");
        std::uint64_t passed = cycles() - shared.tsc_timestamp;
        const int shift = shared.tsc_shift;
        passed = shift < 0 ? passed >> -shift : passed << shift;
        const auto scaled = static_cast<unsigned __int128>(passed) * shared.tsc_to_system_mul >> 32;
        const std::uint64_t time = shared.system_time + static_cast<std::uint64_t>(scaled);
        asm volatile("" : : : "memory");
        if (version == shared.version && !(version & 1)) return time;
    }
}

/// How fast the cycle counter runs, in Hz.
inline std::uint64_t frequency(const volatile time_info& shared) {
    const std::uint64_t hz = (1000000000ull << 32) / shared.tsc_to_system_mul;
    const int shift = shared.tsc_shift;
    return shift < 0 ? hz << -shift : hz >> shift;
}

/// Civil time at system time 0, in nanoseconds since 1970; 0 if the host didn't say.
inline std::uint64_t read(const volatile wall_clock& shared) {
    for (;;) {
        const std::uint32_t version = shared.version;
        asm volatile("" : : : "memory");
        const std::uint64_t time = shared.seconds * 1000000000ull + shared.nanoseconds;
        asm volatile("" : : : "memory");
        if (version == shared.version && !(version & 1)) return time;
    }
}

} // namespace uk::x86_64::pvclock
