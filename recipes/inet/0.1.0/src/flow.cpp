// Flows: what applications do with connections.
#include "connection.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

/// Says that the window has opened, when it is worth a packet (RFC 9293, 3.8.6.2.2).
void opened(connection* c) {
    if (c->state != state::open || c->ended) return;
    const u32 edge = c->expected + receive_window - c->received.size();
    if (edge - c->advertised >= std::min(receive_window / 2, 2u * c->segment)) acknowledge(c);
}

std::size_t take(connection* c, std::span<std::byte> in) {
    const u32 count = static_cast<u32>(std::min<std::size_t>(in.size(), c->received.size()));
    if (count == 0) return 0;
    c->received.take(count, in.data());
    if (c->received.size() == 0 && c->late_count == 0) c->received.free();
    opened(c);
    return count;
}

} // namespace

result<std::size_t> flow::read(std::span<std::byte> in) {
    connection* const c = c_;
    if (in.empty()) return 0u;
    for (;;) {
        if (const std::size_t n = take(c, in); n > 0) return n;
        if (c->failed) return c->why;
        if (c->ended) return 0u;
        flush();
        c->wanted = in;
        const auto woken = c->readable.wait();
        c->wanted = {};
        if (const std::size_t n = std::exchange(c->got, 0); n > 0) {
            opened(c);
            return n;
        }
        if (!woken) return woken.error();
    }
}

result<void> flow::write(std::span<const std::byte> out) {
    connection* const c = c_;
    for (;;) {
        if (c->failed) return c->why;
        if (c->finished || c->state == state::gone) return error::closed;
        if (out.empty()) return {};
        const u32 had = c->sending.size();
        u32 count = static_cast<u32>(std::min<std::size_t>(out.size(), send_buffer - std::min(had, send_buffer)));
        const bool has_room = count > 0;
        while (count > 0 && !c->sending.reach(had + count)) count /= 2;
        // Memory is short and nothing is on its way whose end would free some.
        if (has_room && count == 0 && had == 0) return error::out_of_memory;
        if (count) {
            c->sending.put(had, out.data(), count);
            c->sending.append(count);
            out = out.subspan(count);
        }
        if (out.empty()) {
            if (c->sending.size() <= send_buffer / 2) send_later(c);
            else push(c); // much is waiting: on its way while the writer makes more
            return {};
        }
        push(c);
        UK_TRY(c->writable.wait());
    }
}

result<void> flow::finish() {
    connection* const c = c_;
    if (c->failed) return c->why;
    if (c->finished) return {};
    if (c->state == state::gone) return error::closed;
    c->finished = true;
    push(c);
    c->writable.signal();
    return {};
}

void flow::reset() {
    connection* const c = c_;
    inet::reset(c);
    c->received.free();
    c->late_count = 0;
    c->failed = true;
    c->why = error::closed;
    wake_reader(c);
    c->writable.signal();
}

result<void> flow::watch(net::ready_ticket& ticket) {
    connection* const c = c_;
    if (c->received.size() || c->ended || c->failed) {
        ticket.ready();
    } else {
        flush();
        c->ticket = &ticket;
    }
    return {};
}

void flow::unwatch(net::ready_ticket& ticket) {
    if (c_->ticket == &ticket) c_->ticket = nullptr;
    ticket.withdraw();
}

net::endpoint flow::peer() { return {to_address(c_->remote), c_->remote_port}; }

void flow::drop() {
    connection* const c = std::exchange(c_, nullptr);
    if (!c) return;
    c->ticket = nullptr;
    c->owned = false;
    c->received.free();
    c->late_count = 0;
    if (c->state == state::gone) return unmake(c);
    if (c->state != state::open) return c->state == state::time_wait ? void() : let_go(c, error::closed);
    // What comes is thrown away until all that was written has arrived: answered with a reset, it would take that along.
    c->finished = true;
    if (c->finish_heard) arm(c, now() + 20'000);
    push(c);
    opened(c);
}

result<flow> connect(const net::endpoint& where) {
    constexpr int port_tries = 64;
    const address to = from(where.address);
    if (is_any(to) || where.port == 0 || is_multicast(to) || is_broadcast(to)) return error::not_found;
    const auto local = source_for(to);
    if (!local) return local.error();
    if (!is_own(to) && !is_loopback(to))
        if (const auto hop = next_hop(to); !hop) return hop.error();
    u16 port = draw_port();
    for (int i = 0;
         find(*local, to, port, where.port) || (to == *local && port == where.port) || listening_at(*local, port);
         port = draw_port())
        if (++i == port_tries) return error::busy;
    connection* const c = take_up(*local, to, port, where.port);
    if (!c) return error::out_of_memory;
    c->state = state::asked;
    c->una = first_number(*c);
    c->most = c->next_byte = c->una + 1;
    c->timed = c->most;
    c->timed_at = now();
    emit(c, c->una, 0, syn);
    arm(c, now() + c->timeout);
    flow made{c};
    while (c->state != state::open && c->state != state::time_wait) {
        const auto woken = c->state == state::gone ? result<void>{} : c->writable.wait();
        if (!woken) {
            made.reset();
            return woken.error();
        }
        if (c->failed) return c->why == error::io ? error::timed_out : c->why;
    }
    return made;
}

} // namespace uk::inet
