#include "prefixes.hpp"

#include <algorithm>

namespace uk::inet {

prefix prefixes[5];
u64 interface_id;

namespace {

router routers[2];
milliseconds servers_until = no_time;

bool matches(const prefix& p, const address& a) {
    const u64 high = std::byteswap(p.high ^ a.high), low = std::byteswap(p.low ^ a.low);
    if (p.length <= 64) return p.length == 0 || high >> (64 - p.length) == 0;
    return high == 0 && low >> (128 - p.length) == 0;
}

milliseconds until(milliseconds t, u32 seconds) { return seconds == ~0u ? no_time : t + seconds * u64{1000}; }

} // namespace

void take_address(prefix& p, milliseconds t) { // RFC 4862, 5.4
    p.own = p.tentative = true;
    p.checked = t + 1000;
    wake_at(p.checked);
    const address own{p.high, interface_id};
    ask_v6(own, nullptr, &any_v6);
}

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
        if (own && !p.own && valid > t && p.checked == 0) take_address(p, t);
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

milliseconds run_prefixes(milliseconds t, bool& link_usable) {
    milliseconds next = no_time;
    for (prefix& p : prefixes) {
        if (p.tentative && p.checked <= t) {
            p.tentative = false;
            if (&p != prefixes) signal_configured();
            else link_usable = true;
        }
        if (p.tentative) next = std::min(next, p.checked);
        if (p.length && p.valid <= t) p = {};
        if (p.length) next = std::min(next, p.valid);
    }
    if (servers_until <= t) {
        servers_until = no_time;
        for (std::size_t i = 0; i < servers_of_a_kind; ++i) set_server(true, i, any_v6);
    }
    return std::min(next, servers_until);
}

prefix* own_prefix(const address& a) {
    if (a.low == interface_id)
        for (prefix& p : prefixes)
            if (p.own && p.high == a.high) return &p;
    return nullptr;
}

bool is_own_v6(const address& a) {
    const prefix* const p = own_prefix(a);
    return p && !p->tentative;
}

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

} // namespace uk::inet
