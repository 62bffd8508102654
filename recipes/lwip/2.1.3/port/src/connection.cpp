#include "connection.hpp"

#include <algorithm>
#include <cstring>

#include <uk/call_memcpy.hpp>

#include "lwip/priv/tcp_priv.h"

namespace uk::lwip {
namespace {

constexpr std::uint16_t least_room = 240; // with its head, a quarter of a KiB
constexpr std::uint16_t later_room = 2000;

connection* unsent_first = nullptr; // flows with something written that wasn't sent

void send_later(connection* c) {
    if (c->unsent) return;
    c->unsent = true;
    c->next = unsent_first;
    if (!unsent_first) signal_work();
    unsent_first = c;
}

void forget_unsent(connection* c) {
    if (!c->unsent) return;
    connection** at = &unsent_first;
    while (*at != c) at = &(*at)->next;
    *at = c->next;
    c->unsent = false;
}

void wake_reader(connection* c) {
    if (c->ticket) std::exchange(c->ticket, nullptr)->ready();
    c->readable.signal();
}

/// Cuts the ties between the two: lwIP goes on alone.
void detach(connection* c) {
    if (!c->pcb) return;
    tcp_arg(c->pcb, nullptr);
    tcp_recv(c->pcb, nullptr);
    tcp_sent(c->pcb, nullptr);
    tcp_err(c->pcb, nullptr);
    c->pcb = nullptr;
}

/// Copies a packet behind what is there. False, and nothing is kept, if memory is short.
bool keep(connection* c, const pbuf* packet) {
    std::uint16_t at = 0;
    const std::uint16_t size = packet->tot_len;
    if (!c->first && !c->wanted.empty()) { // a reader waits: straight into its hands
        at = pbuf_copy_partial(packet, c->wanted.data(),
                               static_cast<u16_t>(std::min<std::size_t>(size, c->wanted.size())), 0);
    }
    piece* more = nullptr;
    const std::uint16_t room =
        c->last && c->first ? static_cast<std::uint16_t>(c->last->room - c->last->end) : std::uint16_t{0};
    if (const int rest = size - at - room; rest > 0) {
        const auto space =
            std::max<std::uint16_t>(static_cast<std::uint16_t>(rest), c->first ? later_room : least_room);
        more = static_cast<piece*>(uk_lwip_allocate(sizeof(piece) + space));
        if (!more) return false;
        *more = {nullptr, 0, 0, space};
    }
    if (at > 0) {
        c->got = at;
        c->wanted = {};
    }
    if (const auto part = std::min<std::uint16_t>(room, static_cast<std::uint16_t>(size - at)); part > 0) {
        pbuf_copy_partial(packet, c->last->bytes() + c->last->end, part, at);
        c->last->end = static_cast<std::uint16_t>(c->last->end + part);
        at = static_cast<std::uint16_t>(at + part);
    }
    if (more) {
        more->end = pbuf_copy_partial(packet, more->bytes(), static_cast<u16_t>(size - at), at);
        (c->first ? c->last->next : c->first) = more;
        c->last = more;
    }
    return true;
}

std::size_t take(connection* c, std::span<std::byte> in) {
    std::size_t taken = 0;
    while (c->first && taken < in.size()) {
        piece* const p = c->first;
        const std::size_t part = std::min<std::size_t>(p->end - p->begin, in.size() - taken);
        call_memcpy(in.data() + taken, p->bytes() + p->begin, part);
        taken += part;
        p->begin = static_cast<std::uint16_t>(p->begin + part);
        if (p->begin < p->end) break;
        c->first = p->next;
        if (!c->first) c->last = nullptr;
        uk_lwip_free(p);
    }
    return taken;
}

/// Opens the window again by what was read.
void opened(connection* c, std::size_t by) {
    if (c->pcb) tcp_recved(c->pcb, static_cast<u16_t>(by));
}

// --- callbacks of lwIP: they note and wake, never more --------------------------------------------------------------

err_t received(void* self, tcp_pcb* pcb, pbuf* packet, err_t) {
    auto* const c = static_cast<connection*>(self);
    if (!packet) {
        c->ended = true;
        if (pcb->state == TIME_WAIT || pcb->state == CLOSING) detach(c); // from there on lwIP frees it without a word
    } else {
        if (!keep(c, packet)) return ERR_MEM; // lwIP keeps it, and asks again
        pbuf_free(packet);
    }
    wake_reader(c);
    return ERR_OK;
}

err_t acknowledged(void* self, tcp_pcb*, u16_t) {
    static_cast<connection*>(self)->writable.signal();
    return ERR_OK;
}

void ended(void* self, err_t e) {
    auto* const c = static_cast<connection*>(self);
    c->pcb = nullptr; // lwIP frees it
    if (e != ERR_CLSD) {
        c->failed = true;
        c->why = e == ERR_RST ? error::closed : error::io;
    }
    forget_unsent(c);
    wake_reader(c);
    c->writable.signal();
}

} // namespace

connection* adopt(tcp_pcb* pcb) {
    auto* const c = make<connection>();
    if (!c) return nullptr;
    c->pcb = pcb;
    c->peer = to_endpoint(pcb->remote_ip, pcb->remote_port);
    tcp_arg(pcb, c);
    tcp_recv(pcb, received);
    tcp_sent(pcb, acknowledged);
    tcp_err(pcb, ended);
    tcp_nagle_disable(pcb);
    return c;
}

void abandon(connection* c) {
    forget_unsent(c);
    std::size_t unread = 0;
    while (piece* const p = c->first) {
        unread += static_cast<std::size_t>(p->end - p->begin);
        c->first = p->next;
        uk_lwip_free(p);
    }
    if (tcp_pcb* const pcb = c->pcb) {
        if (pcb->refused_data) {
            unread += pcb->refused_data->tot_len;
            pbuf_free(std::exchange(pcb->refused_data, nullptr));
        }
        if (unread > 0) opened(c, unread);
        detach(c);
        // Only the sending side: closing both would answer late bytes with a reset, which throws away what is on its way.
        // run_timers() closes the receiving side when everything has arrived.
        tcp_shutdown(pcb, 0, 1);
    }
    unmake(c);
}

void abort(connection* c) {
    forget_unsent(c);
    if (tcp_pcb* const pcb = c->pcb) {
        detach(c);
        tcp_abort(pcb);
    }
    while (piece* const p = c->first) {
        c->first = p->next;
        uk_lwip_free(p);
    }
    c->last = nullptr;
    c->failed = true;
    c->why = error::closed;
    wake_reader(c);
    c->writable.signal();
}

void flush() {
    while (connection* const c = unsent_first) {
        unsent_first = c->next;
        c->unsent = false;
        if (!c->pcb) continue;
        if (tcp_seg* last = c->pcb->unsent) {
            while (last->next) last = last->next;
            TCPH_SET_FLAG(last->tcphdr, TCP_PSH);
        }
        tcp_output(c->pcb);
    }
}

result<std::size_t> flow::read(std::span<std::byte> in) {
    connection* const c = c_;
    if (in.empty()) return 0u;
    for (;;) {
        {
            const inside lwip;
            if (const std::size_t n = take(c, in); n > 0) {
                opened(c, n);
                return n;
            }
            if (c->failed) return c->why;
            if (c->ended || !c->pcb) return 0u;
            flush();
            c->wanted = in;
        }
        const auto woken = c->readable.wait();
        c->wanted = {};
        if (const std::size_t n = std::exchange(c->got, 0); n > 0) {
            const inside lwip;
            opened(c, n);
            return n;
        }
        if (!woken) return woken.error();
    }
}

result<void> flow::write(std::span<const std::byte> out) {
    connection* const c = c_;
    for (;;) {
        {
            const inside lwip;
            if (c->failed) return c->why;
            if (c->finished || !c->pcb) return error::closed;
            if (out.empty()) return {};
            err_t e = ERR_OK;
            while (!out.empty() && e == ERR_OK) {
                const auto part = static_cast<u16_t>(std::min<std::size_t>(out.size(), tcp_sndbuf(c->pcb)));
                if (part == 0) break;
                e = tcp_write(c->pcb, out.data(), part, TCP_WRITE_FLAG_COPY | TCP_WRITE_FLAG_MORE);
                if (e == ERR_OK) out = out.subspan(part);
            }
            if (e != ERR_OK && e != ERR_MEM) return error::closed;
            if (out.empty()) {
                if (tcp_sndbuf(c->pcb) >= TCP_SND_BUF / 2) send_later(c);
                else tcp_output(c->pcb); // much is waiting: on its way while the writer makes more
                return {};
            }
            // Memory is short and nothing is on its way whose end would free some.
            if (e == ERR_MEM && !c->pcb->unacked && !c->pcb->unsent) return error::out_of_memory;
            tcp_output(c->pcb);
        }
        UK_TRY(c->writable.wait());
    }
}

result<void> flow::finish() {
    connection* const c = c_;
    const inside lwip;
    if (c->failed) return c->why;
    if (c->finished) return {};
    if (!c->pcb) return error::closed;
    c->finished = true;
    forget_unsent(c);
    tcp_shutdown(c->pcb, 0, 1);
    c->writable.signal();
    return {};
}

void flow::reset() {
    const inside lwip;
    abort(c_);
}

result<void> flow::watch(net::ready_ticket& ticket) {
    connection* const c = c_;
    const inside lwip;
    if (c->first || c->ended || c->failed || !c->pcb) {
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

net::endpoint flow::peer() { return c_->peer; }

void flow::drop() {
    if (!c_) return;
    const inside lwip;
    abandon(std::exchange(c_, nullptr));
}

} // namespace uk::lwip
