// Who is where on the link: one table for ARP (RFC 826, 1122) and neighbour discovery (RFC 4861, 7.3). A neighbour that was used and
// not heard of for a while is asked again; packets to one that isn't known wait for its answer.
#include "inside.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

constexpr unsigned table_size = 16, most_waiting = 4, most_tries = 3;
// RFC 4861, 10
constexpr milliseconds reachable_time = 30'000, delay_first_probe = 5'000, retrans_timer = 1'000;

/// A frame that waits; its bytes lie behind.
struct waiting_frame {
    waiting_frame* next;
    std::size_t size;
    net::unfinished_checksum checksum;
    u8* bytes() { return reinterpret_cast<u8*>(this + 1); }
};

struct neighbour {
    address who; // any_v6: the entry is free
    hardware where;
    bool known = false;
    u8 tries = 0; // of questions that wait for an answer; 0 with `due`: they begin then
    milliseconds due = 0; // 0: nothing is
    milliseconds confirmed = 0, used = 0;
    waiting_frame* waiting = nullptr;
};
neighbour table[table_size];
neighbour* last_found = table;

neighbour* find(const address& who) {
    if (last_found->who == who) return last_found;
    for (neighbour& n : table)
        if (n.who == who) return last_found = &n;
    return nullptr;
}

void drop(neighbour& n) {
    while (waiting_frame* const w = n.waiting) {
        n.waiting = w->next;
        std::free(w);
    }
    n = {};
}

/// In place of the one that was used least lately.
neighbour& take_up_new(const address& who) {
    neighbour* oldest = table;
    for (neighbour& n : table)
        if (n.used < oldest->used) oldest = &n;
    drop(*oldest);
    oldest->who = who;
    oldest->used = now() + 1; // later than those that are free
    return *oldest;
}

void ask(neighbour& n) {
    ++n.tries;
    n.due = now() + retrans_timer;
    wake_at(n.due);
    const hardware* const where = n.known ? &n.where : nullptr;
    if (is_v4(n.who)) ask_v4(n.who, where);
    else ask_v6(n.who, where);
}

bool is_group_of_link(const address& next, hardware& to) {
    const auto* const bytes = reinterpret_cast<const u8*>(&next);
    if (!is_v4(next)) { // RFC 2464, 7
        if (bytes[0] != 0xff) return false;
        to = {{0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]}};
    } else if (is_multicast(next)) { // RFC 1112, 6.4
        to = {{1, 0, 0x5e, static_cast<u8>(bytes[13] & 0x7f), bytes[14], bytes[15]}};
    } else if (is_broadcast(next)) {
        std::memset(to.bytes, 0xff, sizeof to.bytes);
    } else {
        return false;
    }
    return true;
}

} // namespace

result<void> send_to_neighbour(const address& next, net::frame_pieces pieces, net::unfinished_checksum checksum) {
    auto* const frame = const_cast<std::byte*>(pieces[0].data());
    neighbour* n = find(next);
    if (!n || !n->known) {
        hardware group;
        if (is_group_of_link(next, group)) {
            std::memcpy(frame, group.bytes, 6);
            return send_frame(pieces, checksum);
        }
        if (!n) n = &take_up_new(next);
        waiting_frame** at = &n->waiting;
        unsigned count = 0;
        for (; *at; at = &(*at)->next) ++count;
        std::size_t size = 0;
        for (const auto& piece : pieces) size += piece.size();
        void* const place = count < most_waiting ? std::malloc(sizeof(waiting_frame) + size) : nullptr;
        if (place) { // else lost, as if it had been on its way
            *at = ::new (place) waiting_frame{nullptr, size, checksum};
            u8* to = (*at)->bytes();
            for (const auto& piece : pieces)
                to = std::copy_n(reinterpret_cast<const u8*>(piece.data()), piece.size(), to);
        }
        if (!n->due) ask(*n);
        return {};
    }
    const milliseconds t = now();
    n->used = t;
    if (!n->due && t - n->confirmed > reachable_time) {
        n->due = t + delay_first_probe;
        wake_at(n->due);
    }
    std::memcpy(frame, n->where.bytes, 6);
    return send_frame(pieces, checksum);
}

void heard_of(const address& who, const hardware& where, bool take_up, bool solicited, bool override) {
    if (where.bytes[0] & 1) return;
    neighbour* n = find(who);
    if (!n) {
        if (!take_up) return;
        n = &take_up_new(who);
    }
    if (n->known && n->where != where) {
        if (!override) return;
        solicited = false; // a new place: is it there?
        n->confirmed = 0;
    }
    const bool first = !n->known;
    n->where = where;
    n->known = true;
    if (solicited || first) {
        n->due = 0;
        n->tries = 0;
    }
    if (solicited) n->confirmed = now();
    while (waiting_frame* const w = n->waiting) {
        n->waiting = w->next;
        std::memcpy(w->bytes(), where.bytes, 6);
        const std::span<const std::byte> piece{reinterpret_cast<const std::byte*>(w->bytes()), w->size};
        (void)send_frame({&piece, 1}, w->checksum);
        std::free(w);
    }
}

void confirm(const address& to) {
    const auto hop = next_hop(to);
    neighbour* const n = hop ? find(*hop) : nullptr;
    if (!n || !n->known) return;
    n->confirmed = now();
    n->due = 0;
    n->tries = 0;
}

milliseconds run_neighbours(milliseconds t) {
    milliseconds next = no_time;
    for (neighbour& n : table) {
        if (n.due == 0) continue;
        if (n.due <= t) {
            if (n.tries >= most_tries) drop(n);
            else ask(n);
        }
        if (n.due) next = std::min(next, n.due);
    }
    return next;
}

// --- ARP (RFC 826) --------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t arp_size = 28;
constexpr u16 arp_request = 1, arp_answer = 2;

void send_arp(u16 operation, const hardware& to, const hardware& target, const address& who) {
    u8 frame[60] = {};
    std::memcpy(frame, to.bytes, 6);
    std::memcpy(frame + 6, own_hardware.bytes, 6);
    static constexpr u8 fixed[] = {8, 6, 0, 1, 8, 0, 6, 4};
    std::memcpy(frame + 12, fixed, sizeof fixed);
    put16(frame + 20, operation);
    std::memcpy(frame + 22, own_hardware.bytes, 6);
    put32(frame + 28, number(configured_v4.own));
    std::memcpy(frame + 32, target.bytes, 6);
    put32(frame + 38, number(who));
    const auto whole = std::as_bytes(std::span{frame});
    const std::span<const std::byte> piece{whole};
    (void)send_frame({&piece, 1}, {});
}

constexpr hardware everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

} // namespace

void ask_v4(const address& who, const hardware* where) { send_arp(arp_request, where ? *where : everybody, {}, who); }

/// Tells the others, and whoever has the address too says so (RFC 5227, 2.3).
void announce_v4() { send_arp(arp_request, everybody, {}, configured_v4.own); }

void receive_arp(const u8* arp, std::size_t size) {
    static constexpr u8 fixed[] = {0, 1, 8, 0, 6, 4};
    const address own = configured_v4.own;
    if (size < arp_size || std::memcmp(arp, fixed, sizeof fixed) != 0 || !number(own)) return;
    const u16 operation = get16(arp + 6);
    const auto sender = load<hardware>(arp + 8);
    const address who = load_v4(arp + 14), target = load_v4(arp + 24);
    if (who == own) {
        if (sender != own_hardware) dhcp_conflict();
        return;
    }
    const bool for_us = target == own;
    const u32 n = number(who);
    // Only of neighbours there is something to know.
    if (n && !is_multicast(who) && !is_broadcast(who) && ((n ^ number(own)) & configured_v4.mask) == 0)
        heard_of(who, sender, for_us && operation == arp_request, for_us && operation == arp_answer);
    if (for_us && operation == arp_request) send_arp(arp_answer, sender, sender, who);
}

} // namespace uk::inet
