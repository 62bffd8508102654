// Listening and connecting.
#include "connection.hpp"

namespace uk::lwip {

/// A listening endpoint, and the connections that nobody has accepted yet.
struct acceptor {
    tcp_pcb* pcb = nullptr;
    connection* first = nullptr;
    connection* last = nullptr;
    fiber::event arrived;
    net::endpoint local;
};

namespace {

constexpr int port_tries = 64;

err_t accepted(void* self, tcp_pcb* pcb, err_t e) {
    if (!pcb || e != ERR_OK) return ERR_VAL; // memory was short: the other end tries again
    auto* const a = static_cast<acceptor*>(self);
    connection* const c = adopt(pcb);
    if (!c) return ERR_MEM; // lwIP resets it
    tcp_backlog_delayed(pcb);
    (a->first ? a->last->next : a->first) = c;
    a->last = c;
    a->arrived.signal();
    return ERR_OK;
}

err_t connected(void* self, tcp_pcb*, err_t) {
    auto* const c = static_cast<connection*>(self);
    c->connected = true;
    c->writable.signal();
    return ERR_OK;
}

connection* take_first(acceptor* a) {
    connection* const c = a->first;
    a->first = c->next;
    c->next = nullptr;
    return c;
}

} // namespace

result<listener> listen(const net::endpoint& where) {
    const inside lwip;
    const ip_addr_t address = from(where);
    if (!is_own(address)) return error::not_found;
    tcp_pcb* const pcb = tcp_new_ip_type(IP_GET_TYPE(&address));
    if (!pcb) return error::out_of_memory;
    if (where.port) ip_set_option(pcb, SOF_REUSEADDR);
    err_t e = ERR_USE;
    for (int i = 0; e == ERR_USE && i < (where.port ? 1 : port_tries); ++i)
        e = tcp_bind(pcb, &address, where.port ? where.port : random_port());
    if (e == ERR_OK) {
        if (tcp_pcb* const listening = tcp_listen_with_backlog_and_err(pcb, config::lwip::backlog, &e)) {
            if (auto* const a = make<acceptor>()) {
                a->pcb = listening;
                a->local = {where.address, listening->local_port, where.scope};
                tcp_arg(listening, a);
                tcp_accept(listening, accepted);
                return listener{a};
            }
            tcp_close(listening);
            return error::out_of_memory;
        }
    }
    tcp_abort(pcb);
    return to_error(e);
}

result<flow> listener::accept() {
    acceptor* const a = a_;
    for (;;) {
        while (!a->first) UK_TRY(a->arrived.wait());
        connection* const c = take_first(a);
        if (a->first) a->arrived.signal(); // one signal may stand for several
        const inside lwip;
        if (!c->pcb && !c->first && c->failed) { // it went before anybody cared
            abandon(c);
            continue;
        }
        if (c->pcb) tcp_backlog_accepted(c->pcb);
        return flow{c};
    }
}

net::endpoint listener::local() { return a_->local; }

void listener::drop() {
    if (!a_) return;
    const inside lwip;
    while (a_->first) {
        connection* const c = take_first(a_);
        abort(c);
        unmake(c);
    }
    tcp_close(a_->pcb);
    unmake(std::exchange(a_, nullptr));
}

result<flow> connect(const net::endpoint& where) {
    connection* c = nullptr;
    {
        const inside lwip;
        if (where.address.is_any() || where.port == 0) return error::not_found;
        const ip_addr_t address = from(where);
        tcp_pcb* const pcb = tcp_new_ip_type(IP_GET_TYPE(&address));
        if (!pcb) return error::out_of_memory;
        c = adopt(pcb);
        if (!c) {
            tcp_abort(pcb);
            return error::out_of_memory;
        }
        c->peer = where;
        // Of the connection's own family: lwIP looks for a port in use among that one alone.
        const ip_addr_t* const any = IP_IS_V6(&address) ? IP6_ADDR_ANY : IP4_ADDR_ANY;
        err_t e = ERR_USE;
        for (int i = 0; e == ERR_USE && i < port_tries; ++i) e = tcp_bind(pcb, any, random_port());
        if (e == ERR_OK) e = tcp_connect(pcb, &address, where.port, connected);
        if (e != ERR_OK) {
            abort(c);
            unmake(c);
            return to_error(e);
        }
    }
    flow made{c};
    while (!c->connected) {
        if (const auto woken = c->writable.wait(); !woken) {
            made.reset();
            return woken.error();
        }
        if (c->failed) return c->why == error::io ? error::timed_out : c->why;
    }
    return made;
}

} // namespace uk::lwip
