// How things lie in packets: numbers in network order, addresses, the Internet checksum, and the numbers that registries gave out.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <uk/net/address.hpp>

namespace uk::inet {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

static_assert(std::endian::native == std::endian::little);

template <class T>
T load(const void* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}
inline u16 get16(const void* from) { return std::byteswap(load<u16>(from)); }
inline u32 get32(const void* from) { return std::byteswap(load<u32>(from)); }
inline void put16(void* to, u32 value) {
    const u16 there = std::byteswap(static_cast<u16>(value));
    std::memcpy(to, &there, sizeof there);
}
inline void put32(void* to, u32 value) {
    const u32 there = std::byteswap(value);
    std::memcpy(to, &there, sizeof there);
}

/// An address of either kind, IPv4 as IPv6 holds it (::ffff:a.b.c.d); two words in the order of memory.
struct address {
    u64 high = 0, low = 0;
    friend bool operator==(const address&, const address&) = default;
};
constexpr u32 v4_mark = 0xffff0000; // the lower half of `low` of an IPv4 address

inline bool is_v4(const address& a) { return !a.high && static_cast<u32>(a.low) == v4_mark; }
/// Of an IPv4 address, in host order.
inline u32 number(const address& a) { return std::byteswap(static_cast<u32>(a.low >> 32)); }
inline address v4(u32 number) { return {0, u64{std::byteswap(number)} << 32 | v4_mark}; }
inline address load_v4(const void* from) { return {0, u64{load<u32>(from)} << 32 | v4_mark}; }
inline address load_v6(const void* from) { return load<address>(from); }
inline u8 byte(const address& a, int i) { return reinterpret_cast<const u8*>(&a)[i]; }

constexpr address any_v6{}, loopback_v6{0, u64{1} << 56}, all_nodes{0x02ff, u64{1} << 56},
    all_routers{0x02ff, u64{2} << 56};
constexpr u64 link_local_prefix = 0x80fe; // fe80::/64
inline bool is_multicast(const address& a) { return is_v4(a) ? byte(a, 12) >> 4 == 14 : byte(a, 0) == 0xff; }
inline bool is_loopback(const address& a) { return is_v4(a) ? byte(a, 12) == 127 : a == loopback_v6; }
inline bool is_link_local(const address& a) { return (a.high & 0xc0ff) == 0x80fe; }
inline bool is_any(const address& a) { return a == any_v6 || a == v4(0); }

struct hardware {
    u8 bytes[6] = {};
    friend bool operator==(const hardware&, const hardware&) = default;
};

constexpr std::size_t ethernet_size = 14, v4_size = 20, v6_size = 40;
constexpr u16 type_v4 = 0x0800, type_arp = 0x0806, type_v6 = 0x86dd; // IEEE 802 numbers
constexpr u8 hop_by_hop = 0, icmp_v4 = 1, tcp = 6, udp = 17, routing = 43, fragment = 44, icmp_v6 = 58, no_next = 59,
             destination_options = 60;

// checksum.cpp
/// The Internet checksum's sum of bytes (RFC 1071), not inverted.
u16 sum(const void* data, std::size_t size);
/// Both of two sums.
inline u16 add(u32 a, u32 b) {
    a += b;
    return static_cast<u16>((a & 0xffff) + (a >> 16));
}
/// Of a pseudo header of either kind (RFC 9293, 3.1; RFC 8200, 8.1): what marks IPv4 addresses counts as nothing.
u16 pseudo_sum(const address& from, const address& to, u8 protocol, std::size_t size);

} // namespace uk::inet
