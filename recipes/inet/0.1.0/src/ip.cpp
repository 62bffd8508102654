// IP of both kinds, in and out: RFC 791 and 1122, RFC 8200. What differs ends here; behind it addresses have one form.
#include "inside.hpp"

#include <algorithm>

namespace uk::inet {

// --- in -------------------------------------------------------------------------------------------------------------

namespace {

/// What only the stack itself sends doesn't come from outside.
bool is_forged(const incoming& p) { return is_loopback(p.from) || is_loopback(p.to) || is_own(p.from); }

} // namespace

void receive_v4(u8* packet, std::size_t size, bool verified, bool internal) {
    if (size < v4_size || packet[0] != 0x45) return; // with options: lost, as in many networks (RFC 7126)
    const std::size_t length = get16(packet + 2);
    if (length < v4_size || length > size || (!internal && sum(packet, v4_size) != 0xffff)) return;
    incoming p{.from = load_v4(packet + 12),
               .to = load_v4(packet + 16),
               .packet = packet,
               .packet_size = length,
               .data = packet + v4_size,
               .size = length - v4_size,
               .protocol = packet[9],
               .hops = packet[8],
               .verified = verified,
               .internal = internal,
               .to_many = false};
    p.to_many = is_broadcast(p.to);
    // A client of DHCP is sent to before it has its address.
    const bool to_client = dhcp_listens() && p.protocol == udp && p.size >= 8 && get16(p.data + 2) == 68;
    if (!to_client) {
        if (!p.to_many && !is_for_us(p.to)) return;
        if (is_multicast(p.from) || is_broadcast(p.from) || number(p.from) == 0) return;
    }
    if (!internal && is_forged(p)) return;
    const unsigned place = get16(packet + 6);
    if (place & 0x3fff) return receive_fragment(p, get16(packet + 4), (place & 0x1fff) * 8u, place & 0x2000);
    deliver(p);
}

namespace {

/// Walks through options of a header (RFC 8200, 4.2); false: the packet is thrown away.
bool understands(const incoming& p, const u8* header, std::size_t size) {
    for (std::size_t i = 2; i < size;) {
        const u8 type = header[i];
        if (type == 0) {
            ++i;
            continue;
        }
        if (i + 2 > size || i + 2 + header[i + 1] > size) return false;
        if (type >> 6 && type != 0xc2) { // beside jumbograms, what isn't known and mustn't be skipped
            if (type >> 6 == 2 || (type >> 6 == 3 && !p.to_many))
                complain(p, complaint::option, static_cast<std::size_t>(header + i - p.packet));
            return false;
        }
        i += 2u + header[i + 1];
    }
    return true;
}

} // namespace

void receive_v6(u8* packet, std::size_t size, bool verified, bool internal) {
    if (size < v6_size || packet[0] >> 4 != 6) return;
    const std::size_t length = get16(packet + 4);
    if (length > size - v6_size) return;
    incoming p{.from = load_v6(packet + 8),
               .to = load_v6(packet + 24),
               .packet = packet,
               .packet_size = v6_size + length,
               .data = packet + v6_size,
               .size = length,
               .protocol = packet[6],
               .hops = packet[7],
               .verified = verified,
               .internal = internal,
               .to_many = false};
    p.to_many = is_multicast(p.to);
    if (is_multicast(p.from) || is_v4(p.from) || is_v4(p.to) || !is_for_us(p.to)) return;
    if (p.from == any_v6 && p.protocol != icmp_v6) return;
    if (!internal && is_forged(p)) return;
    deliver(p);
}

void deliver(incoming& p) {
    const bool old = is_v4(p.from);
    for (;;) {
        switch (p.protocol) {
        case tcp: return receive_tcp(p);
        case udp: return receive_udp(p);
        case icmp_v4:
        case icmp_v6:
            if ((p.protocol == icmp_v4) == old) return receive_icmp(p);
            break;
        case no_next:
            if (!old) return;
            break;
        case hop_by_hop:
        case routing:
        case destination_options: {
            if (old) break;
            if (p.size < 8 || p.size < 8u + p.data[1] * 8u) return;
            const std::size_t header = 8u + p.data[1] * 8u;
            if (p.protocol == hop_by_hop && p.data != p.packet + v6_size)
                return complain(p, complaint::protocol, 6); // stands first only
            if (p.protocol == routing) {
                if (p.data[3] != 0)
                    return complain(p, complaint::header, static_cast<std::size_t>(p.data + 2 - p.packet));
            } else if (!understands(p, p.data, header)) {
                return;
            }
            p.protocol = p.data[0];
            p.data += header;
            p.size -= header;
            continue;
        }
        case fragment: {
            if (old) break;
            if (p.size < 8) return;
            const unsigned place = get16(p.data + 2);
            const u32 identifier = get32(p.data + 4);
            p.protocol = p.data[0];
            p.data += 8;
            p.size -= 8;
            if (place & 0xfff9) return receive_fragment(p, identifier, place & 0xfff8, place & 1);
            continue; // one that is all (RFC 6946)
        }
        default: break;
        }
        return complain(p, complaint::protocol, old ? 9 : 6);
    }
}

// --- out ------------------------------------------------------------------------------------------------------------

std::size_t room_for(const address& to) {
    if (is_own(to) || is_loopback(to)) return 65535 - v6_size;
    return is_v4(to) ? the_card->mtu - v4_size : link_mtu() - v6_size;
}

namespace {

u8* put_ip(outgoing& p, std::size_t length) {
    u8* ip = p.head();
    if (is_v4(p.to)) {
        static u16 identifier = 0;
        ip -= v4_size;
        put16(ip, 0x4500);
        put16(ip + 2, static_cast<u32>(v4_size + length));
        put16(ip + 4, ++identifier);
        put16(ip + 6, p.whole ? 0x4000 : 0);
        ip[8] = p.hops;
        ip[9] = p.protocol;
        const u32 from = static_cast<u32>(p.from.low >> 32), to = static_cast<u32>(p.to.low >> 32);
        const u16 none = 0;
        std::memcpy(ip + 10, &none, 2);
        std::memcpy(ip + 12, &from, 4);
        std::memcpy(ip + 16, &to, 4);
        const u16 check = static_cast<u16>(~sum(ip, v4_size));
        std::memcpy(ip + 10, &check, 2);
        return ip;
    }
    u8 next = p.protocol;
    if (p.alert) { // a multicast listener report: RFC 2710, 3
        static constexpr u8 options[] = {icmp_v6, 0, 5, 2, 0, 0, 1, 0};
        ip -= sizeof options;
        std::memcpy(ip, options, sizeof options);
        length += sizeof options;
        next = hop_by_hop;
    }
    ip -= v6_size;
    put32(ip, 0x60000000);
    put16(ip + 4, static_cast<u32>(length));
    ip[6] = next;
    ip[7] = p.hops;
    std::memcpy(ip + 8, &p.from, 16);
    std::memcpy(ip + 24, &p.to, 16);
    return ip;
}

} // namespace

result<void> send(outgoing& p) {
    const std::size_t length = p.head_size + p.body[0].size() + p.body[1].size();
    const bool inside = is_own(p.to) || is_loopback(p.to);
    address next = p.to;
    if (!inside) {
        const auto hop = next_hop(p.to);
        if (!hop) return hop.error();
        next = *hop;
    }
    u8* const frame = put_ip(p, length) - ethernet_size;
    put16(frame + 12, is_v4(p.to) ? type_v4 : type_v6);
    const std::size_t before = static_cast<std::size_t>(p.head() - frame);

    net::unfinished_checksum rest;
    if (!inside) {
        // Of ICMP for IPv4 there is no pseudo header (RFC 792).
        u32 check = p.protocol == icmp_v4 ? 0 : pseudo_sum(p.from, p.to, p.protocol, length);
        if (p.protocol == tcp && the_card->finishes_checksums) {
            rest = {static_cast<u16>(before), p.checksum_at};
        } else {
            check = add(check, sum(p.head(), p.head_size));
            check = add(check, sum(p.body[0].data(), p.body[0].size()));
            const u16 last = sum(p.body[1].data(), p.body[1].size());
            check = add(check, p.body[0].size() & 1 ? std::rotl(last, 8) : last);
            check = ~check & 0xffff;
            if (check == 0 && p.protocol == udp) check = 0xffff; // 0 says that there is none (RFC 768)
        }
        const u16 there = static_cast<u16>(check);
        std::memcpy(p.head() + p.checksum_at, &there, 2);
    }
    const std::span<const std::byte> pieces[] = {
        {reinterpret_cast<const std::byte*>(frame), before + p.head_size}, p.body[0], p.body[1]};
    const net::frame_pieces all{pieces, p.body[1].empty() ? p.body[0].empty() ? 1u : 2u : 3u};
    if (inside) {
        std::memcpy(frame, own_hardware.bytes, 6);
        return send_inside(all);
    }
    std::memcpy(frame + 6, own_hardware.bytes, 6);
    if (p.link) {
        std::memcpy(frame, p.link->bytes, 6);
        return send_frame(all, rest);
    }
    return send_to_neighbour(next, all, rest);
}

} // namespace uk::inet
