// Listening. Half-open connections are kept up to the backlog; beyond it SYN cookies answer (RFC 4987, 3.6): nothing is kept of who
// asks, and an acknowledgement of the right number is a connection.
#include "connection.hpp"

#include <uk/platform.hpp>

namespace uk::inet {
namespace {

acceptor* listeners = nullptr;

constexpr int backlog = config::inet::backlog;

/// Cookies are good for one to two of these.
constexpr milliseconds period = 32'000;

u32 cookie(const incoming& p, const segment& s, u32 first, u64 time) {
    return static_cast<u32>(secret_of(p.to, p.from, u32{s.to} << 16 | s.from, u64{first} << 32 | (time + 1)));
}

bool is_cookie(const incoming& p, const segment& s) {
    const u64 time = now() / period;
    for (const u64 then : {time, time - 1})
        if (s.acknowledged - 1 == cookie(p, s, s.sequence - 1, then)) return true;
    return false;
}

connection* make_half_open(acceptor* a, const incoming& p, const segment& s) {
    connection* const c = take_up(p.to, p.from, s.to, s.from);
    if (!c) return nullptr;
    c->state = state::answering;
    c->listener = a;
    c->owned = false; // by no flow yet
    ++a->pending;
    begin(c, s);
    return c;
}

/// Who has answered goes before those who haven't.
void forget_oldest(acceptor* a) {
    for (connection* c = active.first; c; c = c->next)
        if (c->state == state::answering && c->listener == a) return let_go(c, error::closed);
}

} // namespace

acceptor* listening_at(const address& where, u16 port) {
    for (acceptor* a = listeners; a; a = a->next)
        if (a->port == port && (is_any(a->where) || a->where == where)) return a;
    return nullptr;
}

void receive_for_listener(acceptor* a, const incoming& p, const segment& s) {
    if (s.flags & rst) return;
    if (s.flags & ack) {
        if (s.flags & syn || !is_cookie(p, s)) return refuse(p, s);
        if (a->pending >= backlog) forget_oldest(a);
        if (a->pending >= backlog) return; // nobody accepts: the other end says it again
        // As it would have been made at the SYN, to whose options nothing is owed.
        segment first = s;
        --first.sequence;
        connection* const c = make_half_open(a, p, first);
        if (!c) return;
        c->una = s.acknowledged - 1;
        c->most = c->next_byte = s.acknowledged;
        return process(c, s);
    }
    if (!(s.flags & syn)) return;
    connection* const c = a->pending < backlog ? make_half_open(a, p, s) : nullptr;
    if (c) {
        c->una = first_number(*c);
        c->most = c->next_byte = c->una + 1;
        c->timed = c->most;
        c->timed_at = now();
        emit(c, c->una, 0, syn | ack);
        return arm(c, now() + c->timeout);
    }
    outgoing out;
    out.from = p.to;
    out.to = p.from;
    put_head(out, s.to, s.from, cookie(p, s, s.sequence, now() / period), s.sequence + 1, syn | ack, receive_window);
    put_segment_option(out);
    (void)send(out);
}

void established(connection* c) {
    acceptor* const a = c->listener;
    if (!a) return c->writable.signal(); // this end has asked
    c->owned = true;
    (a->first ? a->last->queued : a->first) = c;
    a->last = c;
    a->arrived.signal();
}

result<listener> listen(const net::endpoint& where) {
    const address at = from(where.address);
    if (!is_any(at) && !is_own(at) && !is_loopback(at)) return error::not_found;
    u16 port = where.port;
    for (acceptor* a = listeners; a || !port; a = a->next) {
        if (!port || (a && a->port == port && (is_any(at) || is_any(a->where) || a->where == at))) {
            if (where.port) return error::busy;
            port = draw_port(); // and from the begin
            a = listeners;
            if (!a) break;
        }
    }
    auto* const a = make<acceptor>();
    if (!a) return error::out_of_memory;
    a->where = at;
    a->port = port;
    a->local = {where.address, port, where.scope};
    a->next = listeners;
    listeners = a;
    return listener{a};
}

result<flow> listener::accept() {
    acceptor* const a = a_;
    for (;;) {
        while (!a->first) UK_TRY(a->arrived.wait());
        connection* const c = a->first;
        a->first = std::exchange(c->queued, nullptr);
        if (a->first) a->arrived.signal(); // one signal may stand for several
        --a->pending;
        c->listener = nullptr;
        flow accepted{c};
        if (c->failed && c->received.size() == 0) continue; // it went before anybody cared
        return accepted;
    }
}

net::endpoint listener::local() { return a_->local; }

void listener::drop() {
    acceptor* const a = std::exchange(a_, nullptr);
    if (!a) return;
    while (connection* const c = a->first) {
        a->first = std::exchange(c->queued, nullptr);
        c->listener = nullptr;
        reset(c);
        flow{c};
    }
    for (connection* c = active.first; c;) {
        connection* const next = c->next;
        if (c->listener == a) reset(c);
        c = next;
    }
    acceptor** at = &listeners;
    while (*at != a) at = &(*at)->next;
    *at = a->next;
    unmake(a);
}

} // namespace uk::inet
