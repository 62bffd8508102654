// The page that Xen and the domain share: time, and which event channels are pending (xen/include/public/xen.h, struct
// shared_info in its 64-bit form; arch-x86/xen.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace uk::xen {

// Xen counts `version` up before and after it writes: odd means that it is writing.
struct time_info {
    std::uint32_t version;
    std::uint32_t reserved;
    std::uint64_t cycles; ///< at which the system's time was `system`
    std::uint64_t system; ///< nanoseconds since Xen booted
    std::uint32_t multiplier;
    std::int8_t shift; ///< nanoseconds = ((cycles << shift) * multiplier) >> 32
    std::uint8_t flags;
    std::uint8_t reserved_end[2];
};

struct processor_info {
    std::uint8_t upcall_pending;
    std::uint8_t upcall_mask;
    std::uint64_t pending_words;
    std::uint64_t fault_address;
    std::uint64_t reserved;
    time_info time;
};
static_assert(sizeof(processor_info) == 64 && offsetof(processor_info, time) == 32);

struct shared_info {
    processor_info processors[32];
    std::uint64_t pending[64]; ///< a bit for each event channel
    std::uint64_t masked[64];
    std::uint32_t wall_version; ///< of civil time when Xen booted
    std::uint32_t wall_seconds;
    std::uint32_t wall_nanoseconds;
    std::uint32_t wall_seconds_high;
};
static_assert(offsetof(shared_info, wall_version) == 3072);

/// Null until Xen has put it there.
extern volatile shared_info* shared;

/// Calls `read` until what it saw was not being written meanwhile.
template <class Read>
auto read_steadily(const volatile std::uint32_t& version, Read read) {
    for (;;) {
        const std::uint32_t before = version;
        asm volatile("" : : : "memory"); // x86 keeps loads in order
        const auto seen = read();
        asm volatile("" : : : "memory");
        if (!(before & 1) && version == before) return seen;
    }
}

} // namespace uk::xen
