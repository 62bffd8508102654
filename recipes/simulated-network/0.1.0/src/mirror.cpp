#include <uk/simulated_network/mirror.hpp>

#include "bytes.hpp"
#include "dhcp.hpp"

namespace uk::simulated_network {
namespace {

// IEEE 802 numbers; RFC 826 (ARP), 791 (IPv4), 8200 (IPv6), 4861 (neighbour discovery).
constexpr unsigned type_ipv4 = 0x0800, type_arp = 0x0806, type_ipv6 = 0x86dd;
constexpr std::size_t header = 14;
constexpr unsigned protocol_udp = 17, protocol_icmp6 = 58;

void exchange_ends(std::byte* frame) {
    std::memcpy(frame, own_address.bytes.data(), 6);
    std::memcpy(frame + 6, other_address.bytes.data(), 6);
}

/// A request for any address but the asker's own is answered. Who asks without an address, or for its own, wants to know
/// whether somebody else has it (RFC 5227): nobody has.
std::size_t answer_arp(std::byte* frame, std::size_t size) {
    constexpr std::size_t length = 28;
    std::byte* arp = frame + header;
    if (size < header + length || get16(arp + 6) != 1) return 0;
    std::byte *sender = arp + 8, *target = arp + 18; // hardware address, then protocol address
    if (get32(sender + 6) == 0 || get32(sender + 6) == get32(target + 6)) return 0;
    put16(arp + 6, 2);
    exchange(sender, target, 10);
    std::memcpy(sender, other_address.bytes.data(), 6);
    exchange_ends(frame);
    return header + length;
}

std::size_t reflect_ipv4(std::span<std::byte, longest_frame> frame, std::size_t size) {
    std::byte* ip = frame.data() + header;
    if (size < header + 20) return 0;
    const std::uint32_t to = get32(ip + 16);
    if (get8(ip + 9) == protocol_udp && is_to_dhcp_server(ip, size - header)) {
        const std::size_t answer = serve_dhcp(frame, size);
        if (answer) exchange_ends(frame.data());
        return answer;
    }
    if (to == 0xffffffff || to >> 28 == 0xe || get32(ip + 12) == 0) return 0;
    exchange(ip + 12, ip + 16, 4);
    exchange_ends(frame.data());
    return size;
}

std::size_t answer_solicitation(std::byte* frame, std::size_t size) {
    constexpr std::size_t length = 40 + 32; // with the option that holds the answerer's own address
    std::byte *ip = frame + header, *icmp = ip + 40;
    if (size < header + 40 + 24) return 0;
    constexpr std::byte unspecified[16]{};
    if (std::memcmp(ip + 8, unspecified, 16) == 0) return 0; // is it taken? no
    std::byte target[16];
    std::memcpy(target, icmp + 8, 16);
    std::memcpy(ip + 24, ip + 8, 16);
    std::memcpy(ip + 8, target, 16);
    put16(ip + 4, 32);
    icmp[0] = std::byte{136};
    put32(icmp + 4, 0x60000000); // solicited, override
    icmp[24] = std::byte{2};
    icmp[25] = std::byte{1};
    std::memcpy(icmp + 26, other_address.bytes.data(), 6);
    put16(icmp + 2, 0);
    put16(icmp + 2, checksum(sum_of({icmp, 32}, sum_of({ip + 8, 32}, protocol_icmp6 + 32))));
    exchange_ends(frame);
    return header + length;
}

std::size_t reflect_ipv6(std::byte* frame, std::size_t size) {
    std::byte* ip = frame + header;
    if (size < header + 48) return 0;
    if (get8(ip + 6) == protocol_icmp6) {
        const unsigned type = get8(ip + 40);
        if (type == 135) return answer_solicitation(frame, size);
        if (type >= 130 && type <= 143) return 0; // about the link itself
    }
    if (get8(ip + 24) == 0xff) return 0;
    exchange(ip + 8, ip + 24, 16);
    exchange_ends(frame);
    return size;
}

} // namespace

std::size_t reflect(std::span<std::byte, longest_frame> frame, std::size_t size) {
    if (size < header) return 0;
    switch (get16(frame.data() + 12)) {
    case type_arp: return answer_arp(frame.data(), size);
    case type_ipv4: return reflect_ipv4(frame, size);
    case type_ipv6: return reflect_ipv6(frame.data(), size);
    default: return 0;
    }
}

} // namespace uk::simulated_network
