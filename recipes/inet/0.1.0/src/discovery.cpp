// IPv6's own matters on the link: neighbours' questions and answers (RFC 4861), addresses without a server (RFC 4862), name servers
// (RFC 8106), and the report for switches that look into multicast (RFC 2710). All own addresses end in the same 64 bits.
#include "inside.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

constexpr u8 listener_query = 130, listener_report = 131, router_question = 133, router_word = 134,
             neighbour_question = 135, neighbour_answer = 136;
constexpr u8 option_source = 1, option_target = 2, option_prefix = 3, option_mtu = 5, option_servers = 25;

/// A prefix: what is on the link, and an own address if it says so. The first is fe80::/64.
struct prefix {
    u64 high = 0, low = 0;
    u8 length = 0; // 0: the place is free
    bool on_link = false, own = false;
    bool tentative = false; // its address is asked for
    milliseconds checked = no_time; // when nobody has answered to that
    milliseconds preferred = 0, valid = 0; // until
};
prefix prefixes[5];

struct router {
    address who;
    milliseconds until = 0;
};
router routers[2];

u64 interface_id = 0; // the lower half of all own addresses
std::size_t mtu = 1500;
u8 questions_left = 3; // RFC 4861, 10
milliseconds question_due = no_time, report_due = no_time, servers_until = no_time;

bool is_usable(const prefix& p) { return p.own && !p.tentative; }

address group_of(const address& a) { // RFC 4291, 2.7.1
    address g{0x02ff, 0};
    auto* const bytes = reinterpret_cast<u8*>(&g);
    bytes[11] = 1;
    bytes[12] = 0xff;
    for (int i = 13; i < 16; ++i) bytes[i] = byte(a, i);
    return g;
}

bool matches(const prefix& p, const address& a) {
    const u64 high = std::byteswap(p.high ^ a.high), low = std::byteswap(p.low ^ a.low);
    if (p.length <= 64) return p.length == 0 || high >> (64 - p.length) == 0;
    return high == 0 && low >> (128 - p.length) == 0;
}

void send_message(u8 type, u32 word, const address& from, const address& to, const address* target, u8 option,
                  const hardware* link = nullptr) {
    outgoing p;
    p.from = from;
    p.to = to;
    p.protocol = icmp_v6;
    p.hops = 255;
    p.checksum_at = 2;
    p.link = link;
    if (type == listener_report) {
        p.hops = 1;
        p.alert = true;
    }
    u8* const h = p.head();
    put32(h, u32{type} << 24);
    put32(h + 4, word);
    p.head_size = 8;
    if (target) {
        std::memcpy(h + 8, target, 16);
        p.head_size = 24;
    }
    if (option && from != any_v6) {
        h[p.head_size] = option;
        h[p.head_size + 1] = 1;
        std::memcpy(h + p.head_size + 2, own_hardware.bytes, 6);
        p.head_size += 8;
    }
    (void)send(p);
}

void report_group() {
    const address own{link_local_prefix, interface_id}, group = group_of(own);
    send_message(listener_report, 0, is_usable(prefixes[0]) ? own : any_v6, group, &group, 0);
}

void take_address(prefix& p, milliseconds t) { // RFC 4862, 5.4
    p.own = p.tentative = true;
    p.checked = t + 1000;
    wake_at(p.checked);
    const address own{p.high, interface_id};
    ask_v6(own, nullptr, &any_v6);
}

milliseconds until(milliseconds t, u32 seconds) { return seconds == ~0u ? no_time : t + seconds * u64{1000}; }

void take_prefix(const u8* option, milliseconds t) { // RFC 4862, 5.5.3; RFC 4861, 6.3.4
    prefix said;
    std::memcpy(&said.high, option + 16, 8);
    std::memcpy(&said.low, option + 24, 8);
    said.length = option[2];
    said.on_link = option[3] & 0x80;
    const bool own = option[3] & 0x40 && said.length == 64;
    const milliseconds valid = until(t, get32(option + 4)), preferred = until(t, get32(option + 8));
    if (said.length == 0 || said.length > 128 || preferred > valid || (said.high & 0xc0ff) == link_local_prefix ||
        (said.high & 0xff) == 0xff)
        return;
    prefix* free = nullptr;
    for (prefix& p : prefixes) {
        if (p.length == 0) {
            if (!free) free = &p;
            continue;
        }
        if (p.length != said.length || p.high != said.high || p.low != said.low) continue;
        constexpr milliseconds two_hours = 7'200'000; // no stranger shortens more
        if (!p.own || valid > t + two_hours || valid > p.valid) p.valid = valid;
        else p.valid = std::min(p.valid, t + two_hours);
        p.preferred = preferred;
        if (said.on_link) p.on_link = valid > t;
        if (own && !p.own && valid > t && p.checked == no_time) take_address(p, t);
        wake_at(std::min(p.preferred > t ? p.preferred : no_time, p.valid));
        return;
    }
    if (!free || valid <= t || !(own || said.on_link)) return;
    *free = said;
    free->valid = valid;
    free->preferred = preferred;
    wake_at(valid);
    if (own) take_address(*free, t);
}

void take_servers(const u8* option, std::size_t size, milliseconds t) {
    const milliseconds end = until(t, get32(option + 4));
    for (std::size_t i = 0; i < servers_of_a_kind; ++i)
        set_server(true, i, end > t && size >= 24 + 16 * i ? load_v6(option + 8 + 16 * i) : any_v6);
    servers_until = end > t ? end : no_time;
    wake_at(servers_until);
}

void take_router(const address& who, u32 seconds, milliseconds t) {
    router* place = nullptr;
    for (router& r : routers) {
        if (r.who == who) {
            place = &r;
            break;
        }
        if (!place && r.until <= t) place = &r;
    }
    if (!place || (seconds == 0 && place->who != who)) return;
    *place = {who, t + seconds * u64{1000}};
}

/// Calls for each option; false if they are no such list.
template <class Do>
bool each_option(const u8* at, std::size_t size, Do&& what) {
    while (size >= 8) {
        const std::size_t length = at[1] * 8u;
        if (length == 0 || length > size) return false;
        what(at, length);
        at += length;
        size -= length;
    }
    return true;
}

void receive_router(const incoming& p) {
    if (p.size < 16 || !is_link_local(p.from)) return;
    const milliseconds t = now();
    questions_left = 0;
    question_due = no_time;
    if (!each_option(p.data + 16, p.size - 16, [](const u8*, std::size_t) {})) return;
    take_router(p.from, get16(p.data + 6), t);
    each_option(p.data + 16, p.size - 16, [&](const u8* option, std::size_t size) {
        switch (option[0]) {
        case option_source: return heard_of(p.from, load<hardware>(option + 2), true, false);
        case option_prefix:
            if (size == 32) take_prefix(option, t);
            return;
        case option_mtu:
            if (const u32 said = get32(option + 4); said >= 1280 && said <= the_card->mtu) mtu = said;
            return;
        case option_servers:
            if (size >= 24) take_servers(option, size, t);
            return;
        default: return;
        }
    });
}

prefix* own_prefix(const address& a) {
    if (a.low == interface_id)
        for (prefix& p : prefixes)
            if (p.own && p.high == a.high) return &p;
    return nullptr;
}

void receive_neighbour(const incoming& p, bool question) {
    if (p.size < 24) return;
    const address target = load_v6(p.data + 8);
    if (is_multicast(target)) return;
    hardware where;
    bool said = false;
    const bool well = each_option(p.data + 24, p.size - 24, [&](const u8* option, std::size_t) {
        if (option[0] != (question ? option_source : option_target)) return;
        where = load<hardware>(option + 2);
        said = true;
    });
    if (!well) return;
    prefix* const own = own_prefix(target);
    const bool nobody = p.from == any_v6; // RFC 4862, 5.4.3: who wants the address for itself
    if (own && own->tentative && (!question || nobody)) {
        own->own = own->tentative = false; // somebody else has it; `checked` says that it was tried
        return;
    }
    if (!question) {
        const bool solicited = p.data[4] & 0x40;
        if (said) heard_of(target, where, false, solicited, p.data[4] & 0x20);
        else if (solicited) confirm(target);
        return;
    }
    if (!own || own->tentative) return;
    if (said && !nobody) heard_of(p.from, where, true, false);
    send_message(neighbour_answer, nobody ? 0x20000000 : 0x60000000, target, nobody ? all_nodes : p.from, &target,
                 option_target);
}

} // namespace

void start_v6() {
    const u8* const m = own_hardware.bytes; // RFC 2464, 4
    const u8 id[] = {static_cast<u8>(m[0] ^ 2), m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5]};
    interface_id = load<u64>(id);
    mtu = the_card->mtu;
    prefix& link = prefixes[0];
    link.high = link_local_prefix;
    link.length = 64;
    link.on_link = true;
    link.preferred = link.valid = no_time;
    report_group();
    take_address(link, now());
}

void receive_discovery(incoming& p) {
    const u8 type = p.data[0];
    if (type == listener_query) {
        if (p.size < 24 || !is_link_local(p.from)) return;
        const milliseconds t = now();
        report_due = std::min(report_due, t + draw() % (get16(p.data + 4) + 1u));
        return wake_at(report_due);
    }
    if (p.hops != 255 || p.data[1] != 0) return;
    if (type == router_word) receive_router(p);
    if (type == neighbour_question || type == neighbour_answer) receive_neighbour(p, type == neighbour_question);
}

void ask_v6(const address& who, const hardware* where, const address* from) {
    address own = any_v6;
    if (!from) {
        const auto source = source_v6(who);
        if (!source) return;
        own = *source;
    }
    send_message(neighbour_question, 0, own, where ? who : group_of(who), &who, option_source, where);
}

milliseconds run_discovery(milliseconds t) {
    milliseconds next = no_time;
    for (prefix& p : prefixes) {
        if (p.tentative && p.checked <= t) {
            p.tentative = false;
            if (&p != prefixes) signal_configured();
            else question_due = t;
        }
        if (p.tentative) next = std::min(next, p.checked);
        if (p.length && p.valid <= t) p = {};
        if (p.length) next = std::min(next, p.valid);
    }
    if (question_due <= t) {
        question_due = no_time;
        if (questions_left > 0) {
            --questions_left;
            question_due = t + 4000;
            send_message(router_question, 0, {link_local_prefix, interface_id}, all_routers, nullptr, option_source);
        }
    }
    if (report_due <= t) {
        report_due = no_time;
        report_group();
    }
    if (servers_until <= t) {
        servers_until = no_time;
        for (std::size_t i = 0; i < servers_of_a_kind; ++i) set_server(true, i, any_v6);
    }
    return std::min({next, question_due, report_due, servers_until});
}

bool is_own_v6(const address& a) {
    const prefix* const p = own_prefix(a);
    return p && !p->tentative;
}

bool is_group(const address& a) { return a == all_nodes || a == group_of({0, interface_id}); }

result<address> source_v6(const address& to) { // RFC 6724, 5, as far as there is a choice
    const bool on_link = is_link_local(to) || (is_multicast(to) && (byte(to, 1) & 15) <= 2);
    const prefix* best = nullptr;
    const milliseconds t = now();
    for (const prefix& p : prefixes) {
        if (!is_usable(p) || on_link != (&p == prefixes)) continue;
        if (p.high == to.high) return address{p.high, interface_id};
        if (!best || (best->preferred <= t && p.preferred > t)) best = &p;
    }
    if (!best) return error::not_found;
    return address{best->high, interface_id};
}

result<address> next_hop_v6(const address& to) {
    if (is_multicast(to)) return to;
    for (const prefix& p : prefixes)
        if (p.length && p.on_link && matches(p, to)) return to;
    const milliseconds t = now();
    for (const router& r : routers)
        if (r.until > t) return r.who;
    return error::not_found;
}

std::size_t addresses_v6(std::span<net::ip_network> networks) {
    std::size_t count = 0;
    for (int i = 1; i <= static_cast<int>(std::size(prefixes)); ++i) { // the link's own last
        const prefix& p = prefixes[i % static_cast<int>(std::size(prefixes))];
        if (is_usable(p) && count < networks.size()) networks[count++] = {to_address({p.high, interface_id}), 64};
    }
    return count;
}

bool has_v6() { return std::any_of(prefixes + 1, std::end(prefixes), is_usable); }

std::size_t link_mtu() { return mtu; }

} // namespace uk::inet
