// IPv6's own matters on the link: neighbours' questions and answers (RFC 4861), addresses without a server (RFC 4862), name servers
// (RFC 8106), and the report for switches that look into multicast (RFC 2710). All own addresses end in the same 64 bits.
#include "prefixes.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

constexpr u8 listener_query = 130, listener_report = 131, router_question = 133, router_word = 134,
             neighbour_question = 135, neighbour_answer = 136;
constexpr u8 option_source = 1, option_target = 2, option_prefix = 3, option_mtu = 5, option_servers = 25;

std::size_t mtu = 1500;
u8 questions_left = 3; // RFC 4861, 10
milliseconds question_due = no_time, report_due = no_time;

address group_of(const address& a) { // RFC 4291, 2.7.1
    address g{0x02ff, 0};
    auto* const bytes = reinterpret_cast<u8*>(&g);
    bytes[11] = 1;
    bytes[12] = 0xff;
    for (int i = 13; i < 16; ++i) bytes[i] = byte(a, i);
    return g;
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
    bool link_usable = false;
    const milliseconds next = run_prefixes(t, link_usable);
    if (link_usable) question_due = t;
    if (question_due <= t) {
        question_due = no_time;
        if (questions_left > 0) {
            if (--questions_left > 0) question_due = t + 4000;
            send_message(router_question, 0, {link_local_prefix, interface_id}, all_routers, nullptr, option_source);
        }
    }
    if (report_due <= t) {
        report_due = no_time;
        report_group();
    }
    return std::min({next, question_due, report_due});
}

bool is_group(const address& a) { return a == all_nodes || a == group_of({0, interface_id}); }

std::size_t link_mtu() { return mtu; }

} // namespace uk::inet
