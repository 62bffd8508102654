// TCP, receiving: RFC 9293, 3.10.7, with the answers to forged segments of RFC 5961 and the recovery of RFC 6582.
#include "connection.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

/// Keeps in mind that these bytes are there, early; false if there are too many holes.
bool note_late(connection* c, u32 begin, u32 end) {
    for (u8 i = 0; i < c->late_count;) {
        const late_range r = c->late[i];
        if (after(begin, r.end) || after(r.begin, end)) {
            ++i;
            continue;
        }
        if (after(begin, r.begin)) begin = r.begin;
        if (after(r.end, end)) end = r.end;
        c->late[i] = c->late[--c->late_count];
    }
    if (c->late_count == std::size(c->late)) return false;
    c->late[c->late_count++] = {begin, end};
    return true;
}

constexpr u32 most_for_one = 8192;

/// The bytes of a segment, cut to what is expected and has room.
void take_data(connection* c, u32 sequence, const u8* data, u32 size) {
    if (after(c->expected, sequence)) {
        const u32 old = c->expected - sequence;
        sequence += old;
        data += old;
        size -= old;
    }
    const u32 early = sequence - c->expected, room = receive_window - c->received.size();
    size = std::min(size, room - std::min(early, room));
    c->ack_now |= early > 0 || c->sleepy_ack || c->late_count > 0;
    if (size == 0) return;
    if (!c->owned) { // nobody reads it any more
        if (early == 0) c->expected += size;
        return;
    }
    if (early == 0 && c->late_count == 0 && c->received.size() == 0 && !c->wanted.empty()) {
        // A reader waits: straight into its hands.
        c->got = std::min<std::size_t>(size, c->wanted.size());
        call_memcpy(c->wanted.data(), data, c->got);
        c->wanted = {};
        c->expected += static_cast<u32>(c->got);
        data += c->got;
        size -= static_cast<u32>(c->got);
        if (size == 0) return;
    }
    const u32 at = c->received.size() + early;
    if (early && at + size > std::max(2 * c->received.room(), most_for_one))
        return; // one segment doesn't take much memory
    if (!c->received.reach(at + size)) return; // lost, as if it had been on its way
    if (early && !note_late(c, sequence, sequence + size)) return;
    c->received.put(at, data, size);
    if (early) return;
    u32 end = c->expected + size;
    for (u8 i = 0; i < c->late_count;) {
        if (after(c->late[i].begin, end)) {
            ++i;
            continue;
        }
        if (after(c->late[i].end, end)) end = c->late[i].end;
        c->late[i] = c->late[--c->late_count];
        i = 0;
    }
    c->received.append(end - c->expected);
    c->expected = end;
}

} // namespace

void begin(connection* c, const segment& s) {
    c->expected = s.sequence + 1;
    c->segment = std::min(s.largest, largest_segment(c->remote));
    c->window = c->most_window = s.window;
    c->window_seq = s.sequence;
    c->window_ack = s.acknowledged;
}

namespace {

/// The other end has acknowledged the SYN: bytes may follow.
void opens(connection* c) {
    c->una = c->next_byte = c->recover = c->most;
    if (c->attempts) c->timeout = 3000, c->timed_at = 0; // RFC 6298, 5.7
    else if (c->timed_at) measure(c);
    c->attempts = c->backoff = 0;
    c->due = no_time;
    c->congestion = 10u * c->segment; // RFC 6928
    c->threshold = 0x100000;
    c->state = state::open;
    established(c);
}

void process_asked(connection* c, const segment& s) {
    const bool answers = s.flags & ack;
    if (answers && s.acknowledged != c->most) return; // an old one, or a forged one
    if (s.flags & rst) {
        if (answers) let_go(c, error::closed);
        return;
    }
    if (!(s.flags & syn)) return;
    begin(c, s);
    if (answers) {
        opens(c);
        acknowledge(c);
    } else { // both asked at once
        c->state = state::answering;
        emit(c, c->una, 0, syn | ack);
    }
}

} // namespace

void wake_reader(connection* c) {
    if (c->ticket) std::exchange(c->ticket, nullptr)->ready();
    c->readable.signal();
}

void process(connection* c, const segment& s) {
    if (c->state == state::asked) return process_asked(c, s);
    const u32 room = receive_window - c->received.size();
    const u32 length = s.size + (s.flags & syn ? 1 : 0) + (s.flags & fin ? 1 : 0);
    const u32 ahead = s.sequence - c->expected;
    // A segment at the next number is always looked at, for its acknowledgement.
    if (ahead != 0 && ahead >= room &&
        !(length && after(s.sequence + length, c->expected) && after(c->expected, s.sequence))) {
        if (s.flags & rst) return;
        if (c->state == state::answering && s.flags & syn) emit(c, c->una, 0, syn | ack);
        else if (length) acknowledge(c);
        else challenge(c);
        if (c->state == state::time_wait && s.flags & fin) enter_time_wait(c);
        return;
    }
    if (s.flags & rst) { // RFC 5961, 3.2
        if (ahead == 0) let_go(c, error::closed);
        else challenge(c);
        return;
    }
    if (s.flags & syn) return challenge(c); // RFC 5961, 4.2
    if (!(s.flags & ack)) return;
    if (c->state == state::answering) {
        if (s.acknowledged != c->most) {
            outgoing p;
            p.from = c->local;
            p.to = c->remote;
            put_head(p, c->local_port, c->remote_port, s.acknowledged, 0, rst, 0);
            (void)send(p);
            return;
        }
        c->window = c->most_window = s.window;
        opens(c);
    }
    if (!take_acknowledgement(c, s) || c->state == state::time_wait) return;

    const u32 before = c->expected, size = s.size;
    if (size && !c->owned && c->finish_heard) return reset(c); // it talks to nobody (RFC 9293, 3.6.1)
    if (size && !c->ended) take_data(c, s.sequence, s.data, size);
    if (s.flags & fin && !c->end_known) {
        c->end_known = true;
        c->end = s.sequence + size;
    }
    if (s.flags & fin) c->ack_now = true;
    if (c->end_known && !c->ended && c->expected == c->end) {
        ++c->expected;
        c->ended = true;
        c->passive = !c->finish_sent;
    }
    const bool news = c->expected != before;
    if (news) wake_reader(c);
    if (c->finish_heard && c->ended) {
        if (c->passive) return let_go(c, error::closed); // was LAST-ACK
        acknowledge(c);
        return enter_time_wait(c);
    }
    if (c->finish_heard && !c->owned) arm(c, now() + 20'000); // was FIN-WAIT-2; the other end has its time
    push(c);
    if (size && room < size) c->ack_now = true;
    if (c->ack_now) {
        if (!acknowledge(c)) c->ack_due = now() + 10, wake_at(c->ack_due);
    } else if (size && c->advertised != c->expected + (receive_window - c->received.size())) {
        c->sleepy_ack = true;
        c->ack_due = now() + 100;
        wake_at(c->ack_due);
    }
}

void receive_tcp(incoming& p) {
    if (p.size < 20 || p.to_many) return;
    const u8* const h = p.data;
    const std::size_t head = (h[12] >> 4) * 4u;
    if (head < 20 || head > p.size) return;
    if (!p.verified && add(pseudo_sum(p.from, p.to, tcp, p.size), sum(h, p.size)) != 0xffff) return;
    segment s{.from = get16(h),
              .to = get16(h + 2),
              .sequence = get32(h + 4),
              .acknowledged = get32(h + 8),
              .window = get16(h + 14),
              .flags = static_cast<u8>(h[13] & (fin | syn | rst | psh | ack)),
              .data = p.data + head,
              .size = static_cast<u32>(p.size - head),
              .largest = 536};
    if (s.flags & syn) {
        for (std::size_t i = 20; i + 1 < head && h[i] != 0;) {
            if (h[i] == 1) {
                ++i;
                continue;
            }
            if (h[i] == 2 && h[i + 1] == 4 && i + 4 <= head) s.largest = std::max<u16>(get16(h + i + 2), 64);
            if (h[i + 1] < 2) break;
            i += h[i + 1];
        }
    }
    connection* c = find(p.to, p.from, s.to, s.from);
    // A new connection between the same ends (RFC 9293, 3.6.1). One whose numbers begin below the old one's end is told so by an
    // acknowledgement, and says with a reset that the old one is over.
    if (c && c->state == state::time_wait && (s.flags & (syn | ack | rst)) == syn && after(s.sequence, c->expected)) {
        let_go(c, error::closed);
        c = nullptr;
    }
    if (c) return process(c, s);
    if (acceptor* const a = listening_at(p.to, s.to)) return receive_for_listener(a, p, s);
    refuse(p, s);
}

void refuse(const incoming& p, const segment& s) {
    if (s.flags & rst) return;
    outgoing out;
    out.from = p.to;
    out.to = p.from;
    const u32 length = s.size + (s.flags & syn ? 1 : 0) + (s.flags & fin ? 1 : 0);
    if (s.flags & ack) put_head(out, s.to, s.from, s.acknowledged, 0, rst, 0);
    else put_head(out, s.to, s.from, 0, s.sequence + length, rst | ack, 0);
    (void)send(out);
}

} // namespace uk::inet
