// TCP, sending: segments, what the windows allow (RFC 9293, 3.8.6; RFC 5681), and resets.
#include "connection.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

connection* unsent_first = nullptr; // flows with something written that wasn't sent

constexpr u16 head_size = 20, offset_of_checksum = 16;
constexpr u16 usual_segment = 1460;

} // namespace

u16 largest_segment(const address& to) {
    return static_cast<u16>(std::min<std::size_t>(room_for(to) - head_size, usual_segment));
}

void put_head(outgoing& p, u16 from, u16 to, u32 sequence, u32 acknowledged, u8 flags, u32 window) {
    u8* const h = p.head();
    put16(h, from);
    put16(h + 2, to);
    put32(h + 4, sequence);
    put32(h + 8, acknowledged);
    h[12] = head_size / 4 << 4;
    h[13] = flags;
    put16(h + 14, window);
    put32(h + 16, 0);
    p.protocol = tcp;
    p.checksum_at = offset_of_checksum;
    p.head_size = head_size;
    p.whole = true;
}

void put_segment_option(outgoing& p) {
    put32(p.head() + p.head_size, 2u << 24 | 4u << 16 | largest_segment(p.to));
    p.head_size += 4;
    p.head()[12] = static_cast<u8>(p.head_size / 4 << 4);
}

bool emit(connection* c, u32 from, u32 count, u8 flags) {
    outgoing p;
    p.from = c->local;
    p.to = c->remote;
    const u32 window = receive_window - c->received.size();
    put_head(p, c->local_port, c->remote_port, from, flags & ack ? c->expected : 0, flags, window);
    if (flags & syn) put_segment_option(p);
    c->sending.pieces(from - c->una, count, p.body);
    const auto sent = send(p);
    if (!sent && sent.error() == error::busy) return false;
    c->advertised = c->expected + window;
    c->ack_due = no_time;
    c->sleepy_ack = c->ack_now = false;
    return true; // whatever else went wrong is as a loss on the way
}

void arm(connection* c, milliseconds when) {
    c->due = when;
    wake_at(when);
}

void push(connection* c, bool probe) {
    if (c->state != state::open) return;
    const u32 window = std::min(c->window, c->congestion);
    for (;;) {
        const u32 flight = c->next_byte - c->una, size = c->sending.size();
        if (flight > size) break; // the end was sent too
        const u32 left = size - flight;
        u32 usable = window > flight ? window - flight : 0;
        const bool beyond = probe && usable == 0;
        if (beyond) usable = 1;
        const u32 count = std::min({left, u32{c->segment}, usable});
        const bool last = count == left;
        const bool finish = c->finished && last;
        if (count == 0 && !finish) break;
        // No small segments because a window is nearly closed (RFC 9293, 3.8.6.2.1).
        if (!last && count < c->segment && count < c->most_window / 2 && flight && !probe) break;
        if (!emit(c, c->next_byte, count, static_cast<u8>(ack | (last && count ? psh : 0) | (finish ? fin : 0)))) {
            send_later(c);
            break;
        }
        if (!c->timed_at && c->next_byte == c->most && count) {
            c->timed_at = now();
            c->timed = c->next_byte + count;
        }
        const u32 next = c->next_byte + count + finish;
        c->finish_sent |= finish;
        if (after(next, c->most)) c->most = next;
        if (beyond && count) break; // whether it was taken, its acknowledgement says; others go on from here
        c->next_byte = next;
        probe = false;
    }
    const bool waits = c->most != c->una || c->sending.size() > 0;
    if (waits && c->due == no_time) arm(c, now() + std::min<u32>(c->timeout << c->backoff, 60'000));
}

void send_later(connection* c) {
    if (c->unsent) return;
    c->unsent = true;
    c->queued = unsent_first;
    if (!unsent_first) signal_work();
    unsent_first = c;
}

void forget_unsent(connection* c) {
    if (!c->unsent) return;
    connection** at = &unsent_first;
    while (*at != c) at = &(*at)->queued;
    *at = c->queued;
    c->unsent = false;
}

void flush() {
    connection* c = std::exchange(unsent_first, nullptr);
    while (c) { // those that the card refuses come back into the new list
        connection* const next = c->queued;
        c->unsent = false;
        push(c);
        c = next;
    }
}

void reset(connection* c) {
    if (c->state != state::gone && c->state != state::time_wait) {
        c->sending.free();
        if (c->state == state::asked) emit(c, c->most, 0, rst);
        else emit(c, quiet_number(c), 0, rst | ack);
    }
    if (c->state != state::gone) let_go(c, error::closed);
}

} // namespace uk::inet
