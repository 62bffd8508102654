// The Internet checksum (RFC 1071), eight bytes at a time; in place of lwIP's inet_chksum.c.
#include <bit>
#include <cstdint>
#include <cstring>

#include "lwip/inet_chksum.h"
#include "lwip/ip_addr.h"
#include "lwip/pbuf.h"

namespace {

/// The next bytes as a number; the checksum doesn't mind which end comes first.
template <class T>
std::uint64_t next(const unsigned char*& at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
}

/// Of a packet behind what was summed before it. A piece behind an odd number of bytes counts with its bytes swapped.
u16_t finish(const pbuf* packet, std::uint32_t sum) {
    for (bool odd = false; packet; packet = packet->next) {
        const std::uint16_t part = uk_lwip_checksum(packet->payload, packet->len);
        sum += odd ? std::rotl(part, 8) : part;
        odd ^= packet->len & 1;
    }
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<u16_t>(~(sum + (sum >> 16)));
}

/// The rest of a pseudo header.
std::uint32_t protocol_and_size(u8_t protocol, u16_t size) {
    return lwip_htons(protocol) + std::uint32_t{lwip_htons(size)};
}

} // namespace

extern "C" std::uint16_t uk_lwip_checksum(const void* data, int size) {
    const auto* at = static_cast<const unsigned char*>(data);
    std::uint64_t sum = 0;
#ifdef __x86_64__
    // The processor's own carry goes from word to word, which no C++ says.
    for (; size >= 64; size -= 64, at += 64)
        asm("addq (%1), %0\n\tadcq 8(%1), %0\n\tadcq 16(%1), %0\n\tadcq 24(%1), %0\n\t"
            "adcq 32(%1), %0\n\tadcq 40(%1), %0\n\tadcq 48(%1), %0\n\tadcq 56(%1), %0\n\tadcq $0, %0"
            : "+r"(sum)
            : "r"(at), "m"(*reinterpret_cast<const unsigned char(*)[64]>(at))
            : "cc");
#endif
    const auto add = [&](std::uint64_t word) __attribute__((always_inline)) {
        sum += word;
        sum += sum < word; // the carry comes round
    };
    for (; size >= 8; size -= 8) add(next<std::uint64_t>(at));
    if (size & 4) add(next<std::uint32_t>(at));
    if (size & 2) add(next<std::uint16_t>(at));
    if (size & 1) add(*at);
    // Halves onto each other, down to 16 bits: with the carry, twice each half is one sum in the upper half.
    sum += std::rotr(sum, 32);
    auto word = static_cast<std::uint32_t>(sum >> 32);
    word += std::rotr(word, 16);
    return static_cast<std::uint16_t>(word >> 16);
}

extern "C" {

u16_t inet_chksum(const void* data, u16_t size) { return static_cast<u16_t>(~uk_lwip_checksum(data, size)); }

u16_t inet_chksum_pbuf(pbuf* packet) { return finish(packet, 0); }

/// RFC 8200, 8.1.
u16_t ip6_chksum_pseudo(pbuf* packet, u8_t protocol, u16_t size, const ip6_addr_t* from, const ip6_addr_t* to) {
    return finish(packet, uk_lwip_checksum(from->addr, sizeof from->addr) +
                              uk_lwip_checksum(to->addr, sizeof to->addr) + protocol_and_size(protocol, size));
}

/// RFC 9293, 3.1.
u16_t ip_chksum_pseudo(pbuf* packet, u8_t protocol, u16_t size, const ip_addr_t* from, const ip_addr_t* to) {
    if (IP_IS_V6(to)) return ip6_chksum_pseudo(packet, protocol, size, ip_2_ip6(from), ip_2_ip6(to));
    const u32_t a = ip_2_ip4(from)->addr, b = ip_2_ip4(to)->addr;
    return finish(packet, (a & 0xffff) + (a >> 16) + (b & 0xffff) + (b >> 16) + protocol_and_size(protocol, size));
}
}
