// The client of DHCP (RFC 2131, options of RFC 2132): an address at boot, kept as long as a server lets it.
#include "inside.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

enum class phase : u8 { off, selecting, requesting, bound };
enum kind : u8 { discover = 1, offer, request, decline, acknowledged, refused };

struct client {
    inet::phase phase = phase::off;
    u8 tries = 0;
    u32 transaction = 0;
    u32 server = 0, offered = 0;
    milliseconds due = no_time;
    milliseconds begin = 0, renew = 0, rebind = 0, end = 0; // of the lease
};
client it;

constexpr u8 cookie[] = {99, 130, 83, 99};
constexpr std::size_t message_size = 300, options_at = 240; // RFC 1542, 2.1
constexpr milliseconds second = 1000;

void put_address(u8*& at, u8 option, u32 value) {
    *at++ = option;
    *at++ = 4;
    put32(at, value);
    at += 4;
}

/// `renewing`: it has the address, and says so in another field (RFC 2131, 4.3.6).
void send(kind what, bool renewing, u32 to) {
    u8 message[message_size] = {1, 1, 6};
    put32(message + 4, it.transaction);
    const u32 own = number(configured_v4.own);
    if (renewing) put32(message + 12, own);
    std::memcpy(message + 28, own_hardware.bytes, 6);
    std::memcpy(message + options_at - 4, cookie, sizeof cookie);
    u8* at = message + options_at;
    *at++ = 53;
    *at++ = 1;
    *at++ = what;
    if (what != discover && !renewing) {
        put_address(at, 50, it.offered);
        put_address(at, 54, it.server);
    }
    static constexpr u8 wanted[] = {55, 3, 1, 3, 6, 57, 2, 1500 >> 8, 1500 & 255};
    if (what != decline) at = std::copy_n(wanted, sizeof wanted, at);
    *at = 255;

    outgoing p;
    p.from = v4(renewing ? own : 0);
    p.to = v4(to);
    p.protocol = udp;
    p.checksum_at = 6;
    p.head_size = 8;
    put32(p.head(), 68u << 16 | 67);
    put32(p.head() + 4, (8u + message_size) << 16);
    p.body[0] = std::as_bytes(std::span{message});
    (void)inet::send(p);
}

void start_again(milliseconds when) {
    it.phase = phase::selecting;
    it.tries = 0;
    it.transaction = draw();
    it.due = when;
    wake_at(when);
}

void lose() {
    set_v4({});
    for (std::size_t i = 0; i < servers_of_a_kind; ++i) set_server(false, i, v4(0));
}

/// What a server says.
struct answer {
    u8 kind = 0;
    u32 server = 0, mask = 0, router = 0, lease = ~0u, renew = 0, rebind = 0;
    u32 names[servers_of_a_kind] = {};
};

answer read_options(const u8* at, const u8* end) {
    answer a;
    while (at + 2 <= end && *at != 255) {
        if (*at == 0) {
            ++at;
            continue;
        }
        const u8 option = *at, size = at[1];
        at += 2;
        if (size > end - at) break;
        if (option == 53 && size >= 1) a.kind = *at;
        if (size >= 4) {
            const u32 value = get32(at);
            switch (option) {
            case 1: a.mask = value; break;
            case 3: a.router = value; break;
            case 6:
                for (std::size_t i = 0; i < servers_of_a_kind && size >= 4 * i + 4; ++i) a.names[i] = get32(at + 4 * i);
                break;
            case 51: a.lease = value; break;
            case 54: a.server = value; break;
            case 58: a.renew = value; break;
            case 59: a.rebind = value; break;
            }
        }
        at += size;
    }
    return a;
}

void bind_to(u32 own, answer a) {
    const milliseconds t = now();
    it.phase = phase::bound;
    it.begin = t;
    it.due = no_time;
    if (a.lease != ~0u) {
        const u32 lease = std::max(a.lease, 60u);
        if (a.renew == 0 || a.renew >= lease) a.renew = lease / 2; // RFC 2131, 4.4.5
        if (a.rebind <= a.renew || a.rebind >= lease) a.rebind = std::max(a.renew, lease - lease / 8);
        it.renew = t + a.renew * second;
        it.rebind = t + a.rebind * second;
        it.end = t + lease * second;
        it.due = it.renew;
        wake_at(it.due);
    }
    if (a.mask == 0) a.mask = own >> 31 == 0 ? 0xff000000 : own >> 30 == 2 ? 0xffff0000 : 0xffffff00; // its class's
    for (std::size_t i = 0; i < servers_of_a_kind; ++i) set_server(false, i, v4(a.names[i]));
    set_v4({.own = v4(own), .mask = a.mask, .gateway = v4(a.router)});
}

} // namespace

void start_dhcp() { start_again(0); }

bool dhcp_listens() { return it.phase != phase::off; }

void receive_dhcp(const u8* message, std::size_t size) {
    if (size < options_at || message[0] != 2 || get32(message + 4) != it.transaction) return;
    if (std::memcmp(message + 28, own_hardware.bytes, 6) != 0) return;
    if (std::memcmp(message + options_at - 4, cookie, sizeof cookie) != 0) return;
    const answer a = read_options(message + options_at, message + size);
    const u32 own = get32(message + 16);
    const address given = v4(own);
    const bool possible = own && !is_loopback(given) && !is_multicast(given) && own != ~0u;
    if (it.phase == phase::selecting && a.kind == offer && possible && a.server) {
        it.offered = own;
        it.server = a.server;
        it.phase = phase::requesting;
        it.tries = 0;
        it.due = 0;
        wake_at(0);
    } else if (it.phase == phase::requesting || (it.phase == phase::bound && it.tries > 0)) {
        if (a.kind == acknowledged && possible) {
            it.tries = 0;
            if (a.server) it.server = a.server;
            bind_to(own, a);
        } else if (a.kind == refused) {
            lose();
            start_again(now() + second);
        }
    }
}

/// Just after the address was given, it is given back (RFC 2131, 3.1, 5); later it is defended, not too often (RFC 5227, 2.4).
void dhcp_conflict() {
    const milliseconds t = now();
    static milliseconds defended = 0;
    if (it.phase == phase::bound && t - it.begin < 2 * second) {
        it.offered = number(configured_v4.own);
        lose();
        send(decline, false, ~0u);
        start_again(t + 10 * second);
    } else if (t >= defended) {
        defended = t + 10 * second;
        announce_v4();
    }
}

milliseconds run_dhcp(milliseconds t) {
    if (it.due > t) return it.due;
    const milliseconds pause = second << std::min<u8>(it.tries, 6);
    ++it.tries;
    switch (it.phase) {
    case phase::off: return it.due = no_time;
    case phase::selecting: send(discover, false, ~0u); break;
    case phase::requesting:
        if (it.tries > 5) start_again(t);
        else send(request, false, ~0u);
        break;
    case phase::bound: { // RFC 2131, 4.4.5
        if (t >= it.end) {
            lose();
            start_again(t);
            break;
        }
        const bool anybody = t >= it.rebind;
        if (it.tries == 1) it.transaction = draw();
        send(request, true, anybody ? ~0u : it.server);
        const milliseconds limit = anybody ? it.end : it.rebind;
        return it.due = std::min(limit, t + std::max((limit - t) / 2, 60 * second));
    }
    }
    return it.due = it.phase == phase::selecting && it.tries == 0 ? it.due : t + pause;
}

} // namespace uk::inet
