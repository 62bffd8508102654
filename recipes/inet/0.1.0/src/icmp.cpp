// ICMP of both kinds (RFC 792, 1122; RFC 4443): echo, complaints, and what routers say about sizes.
#include "inside.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

constexpr std::size_t head_size = 8;
constexpr u8 echo_answer_v4 = 0, unreachable_v4 = 3, echo_v4 = 8;
constexpr u8 unreachable_v6 = 1, too_big_v6 = 2, problem_v6 = 4, echo_v6 = 128, echo_answer_v6 = 129;

void send_icmp(const incoming& p, u8 type, u8 code, u32 word, const u8* body, std::size_t size) {
    outgoing out;
    out.from = p.to;
    out.to = p.from;
    if (p.to_many) { // an echo to a group
        const auto source = source_for(p.from);
        if (!source) return;
        out.from = *source;
    }
    out.protocol = is_v4(out.to) ? icmp_v4 : icmp_v6;
    out.checksum_at = 2;
    out.head_size = head_size;
    put32(out.head(), u32{type} << 24 | u32{code} << 16);
    put32(out.head() + 4, word);
    out.body[0] = {reinterpret_cast<const std::byte*>(body), size};
    (void)send(out);
}

/// A router, or the other end, quotes what it couldn't pass on: IP's header and the begin of what was behind.
void receive_too_big(const u8* quoted, std::size_t size, bool old, std::size_t mtu) {
    const std::size_t header = old ? v4_size : v6_size;
    if (size < header + 8 || (old ? quoted[0] != 0x45 : quoted[0] >> 4 != 6) || quoted[old ? 9 : 6] != tcp) return;
    if (old) tcp_too_big(load_v4(quoted + 12), load_v4(quoted + 16), quoted + header, mtu);
    else tcp_too_big(load_v6(quoted + 8), load_v6(quoted + 24), quoted + header, mtu);
}

/// Complaints are not sent more often than this (RFC 4443, 2.4 f).
bool may_complain() {
    constexpr milliseconds period = 100;
    constexpr unsigned most = 20;
    static milliseconds begin = 0;
    static unsigned count = 0;
    const milliseconds t = now();
    if (t - begin > period) {
        begin = t;
        count = 0;
    }
    return ++count <= most;
}

} // namespace

void complain(const incoming& p, complaint what, std::size_t place) {
    if ((p.to_many && what != complaint::option) || is_any(p.from) || !may_complain()) return;
    if (is_v4(p.from)) {
        constexpr u8 codes[] = {3, 2};
        if (what > complaint::protocol) return;
        return send_icmp(p, unreachable_v4, codes[static_cast<u8>(what)], 0, p.packet,
                         std::min(p.packet_size, v4_size + 8));
    }
    constexpr u8 codes[] = {4, 1, 2, 0};
    send_icmp(p, what == complaint::port ? unreachable_v6 : problem_v6, codes[static_cast<u8>(what)],
              static_cast<u32>(place), p.packet, std::min<std::size_t>(p.packet_size, 1280 - v6_size - head_size));
}

void receive_icmp(incoming& p) {
    const bool old = is_v4(p.from);
    if (p.size < head_size) return;
    if (!p.internal && add(old ? 0 : pseudo_sum(p.from, p.to, icmp_v6, p.size), sum(p.data, p.size)) != 0xffff) return;
    const u8 type = p.data[0], code = p.data[1];
    if (type == (old ? echo_v4 : echo_v6)) {
        if (code != 0 || (old && p.to_many)) return; // RFC 1122, 3.2.2.6
        if (p.size > room_for(p.from)) return;
        return send_icmp(p, old ? echo_answer_v4 : echo_answer_v6, 0, get32(p.data + 4), p.data + head_size,
                         p.size - head_size);
    }
    const u8* const quoted = p.data + head_size;
    const std::size_t size = p.size - head_size;
    if (old) {
        if (type == unreachable_v4 && code == 4) receive_too_big(quoted, size, true, get16(p.data + 6)); // RFC 1191
        return;
    }
    if (type == too_big_v6) receive_too_big(quoted, size, false, get32(p.data + 4)); // RFC 8201
    else if (type >= 130 && type <= 137) receive_discovery(p);
}

} // namespace uk::inet
