// Fields of frames in network byte order, and the Internet checksum (RFC 1071).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace uk::simulated_network {

inline unsigned get8(const std::byte* at) { return static_cast<unsigned>(*at); }
inline unsigned get16(const std::byte* at) { return get8(at) << 8 | get8(at + 1); }
inline std::uint32_t get32(const std::byte* at) { return get16(at) << 16 | get16(at + 2); }
inline void put16(std::byte* at, unsigned value) {
    at[0] = static_cast<std::byte>(value >> 8);
    at[1] = static_cast<std::byte>(value);
}
inline void put32(std::byte* at, std::uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

inline void exchange(std::byte* a, std::byte* b, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        const std::byte kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/// The sum of 16-bit words, on top of `sum`, not yet folded.
inline std::uint32_t sum_of(std::span<const std::byte> bytes, std::uint32_t sum = 0) {
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) sum += get16(bytes.data() + i);
    if (bytes.size() % 2) sum += get8(bytes.data() + bytes.size() - 1) << 8;
    return sum;
}
inline unsigned checksum(std::uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

} // namespace uk::simulated_network
