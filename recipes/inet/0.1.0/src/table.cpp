// All connections: found by their ends, freed when nobody needs them any more.
#include "connection.hpp"

#include <uk/platform.hpp>

namespace uk::inet {

connection_list active, waiting;

namespace {

connection* table[256];

connection*& place(const address& local, const address& remote, u16 local_port, u16 remote_port) {
    u64 mixed = remote.high ^ remote.low ^ (u64{remote_port} << 16 | local_port) ^ local.low;
    mixed ^= mixed >> 32;
    return table[mixed * table_secret >> 56];
}

void take_out_of_table(connection* c) {
    connection** at = &place(c->local, c->remote, c->local_port, c->remote_port);
    while (*at != c) at = &(*at)->chain;
    *at = c->chain;
}

void free_buffers(connection* c) {
    c->sending.free();
    if (!c->owned) c->received.free();
    forget_unsent(c);
}

} // namespace

void connection_list::put(connection* c) {
    c->next = nullptr;
    c->previous = last;
    (last ? last->next : first) = c;
    last = c;
    ++count;
}

void connection_list::take_out(connection* c) {
    (c->previous ? c->previous->next : first) = c->next;
    (c->next ? c->next->previous : last) = c->previous;
    --count;
}

connection* find(const address& local, const address& remote, u16 local_port, u16 remote_port) {
    connection* c = place(local, remote, local_port, remote_port);
    while (c &&
           !(c->remote_port == remote_port && c->local_port == local_port && c->remote == remote && c->local == local))
        c = c->chain;
    return c;
}

connection* take_up(const address& local, const address& remote, u16 local_port, u16 remote_port) {
    if (active.count >= config::inet::connections) return nullptr;
    connection* const c = make<connection>();
    if (!c) return nullptr;
    c->local = local;
    c->remote = remote;
    c->local_port = local_port;
    c->remote_port = remote_port;
    connection*& first = place(local, remote, local_port, remote_port);
    c->chain = first;
    first = c;
    active.put(c);
    return c;
}

void let_go(connection* c, error why) {
    take_out_of_table(c);
    (c->state == state::time_wait ? waiting : active).take_out(c);
    const bool counted = c->listener && c->state == state::answering;
    c->state = state::gone;
    c->due = c->ack_due = no_time;
    if (counted) --c->listener->pending;
    free_buffers(c);
    if (!c->owned) return unmake(c);
    if (!(c->ended && c->finish_heard)) {
        c->failed = true;
        c->why = why;
    }
    wake_reader(c);
    c->writable.signal();
}

void enter_time_wait(connection* c) {
    constexpr milliseconds length =
        60'000; // twice half a minute, as Linux does; RFC 9293 speaks of networks of another time
    if (c->state != state::time_wait) {
        c->state = state::time_wait;
        c->ack_due = no_time;
        active.take_out(c);
    } else {
        waiting.take_out(c);
    }
    free_buffers(c);
    waiting.put(c);
    arm(c, now() + length);
    if (waiting.count > config::inet::time_wait) let_go(waiting.first, error::closed);
}

u32 first_number(const connection& c) {
    // Four microseconds a number (RFC 9293, 3.4.1).
    const auto clock = static_cast<u64>(platform::now().time_since_epoch().count()) / 4000;
    return static_cast<u32>(clock + secret_of(c.local, c.remote, u32{c.local_port} << 16 | c.remote_port, 0));
}

} // namespace uk::inet
