// Datagrams.
#include "inside.hpp"

#include <algorithm>

#include <uk/fiber.hpp>

#include "lwip/udp.h"

namespace uk::lwip {

namespace {

/// A datagram that waits: its bytes lie behind it.
struct letter {
    letter* next;
    net::endpoint from;
    std::size_t size;
    std::byte* bytes() { return reinterpret_cast<std::byte*>(this + 1); }
};

constexpr std::size_t most_waiting_bytes = 128 * 1024;
constexpr std::size_t longest_v4 = 65535 - 20 - 8, longest_v6 = 65535 - 8; // RFC 791, RFC 8200

} // namespace

/// A bound endpoint, and what arrived there.
struct mailbox {
    udp_pcb* pcb = nullptr;
    letter* first = nullptr;
    letter* last = nullptr;
    int waiting = 0;
    std::size_t bytes = 0;
    fiber::event arrived;
    net::endpoint local;
};

namespace {

void arrived(void* self, udp_pcb*, pbuf* packet, const ip_addr_t* from, u16_t port) {
    auto* const m = static_cast<mailbox*>(self);
    if (m->waiting < config::lwip::waiting_datagrams && m->bytes + packet->tot_len <= most_waiting_bytes) {
        if (auto* const l = static_cast<letter*>(std::malloc(sizeof(letter) + packet->tot_len))) {
            ::new (l) letter{nullptr, to_endpoint(*from, port), packet->tot_len};
            pbuf_copy_partial(packet, l->bytes(), packet->tot_len, 0);
            (m->first ? m->last->next : m->first) = l;
            m->last = l;
            ++m->waiting;
            m->bytes += l->size;
            m->arrived.signal();
        }
    }
    pbuf_free(packet);
}

} // namespace

result<datagrams> bind(const net::endpoint& where) {
    const inside lwip;
    const ip_addr_t address = from(where);
    if (!is_own(address)) return error::not_found;
    udp_pcb* const pcb = udp_new_ip_type(IP_GET_TYPE(&address));
    auto* const m = pcb ? make<mailbox>() : nullptr;
    if (!m) {
        if (pcb) udp_remove(pcb);
        return error::out_of_memory;
    }
    err_t e = ERR_USE;
    for (int i = 0; e == ERR_USE && i < (where.port ? 1 : 64); ++i)
        e = udp_bind(pcb, &address, where.port ? where.port : random_port());
    m->pcb = pcb;
    m->local = {where.address, pcb->local_port, where.scope};
    datagrams made{m};
    if (e != ERR_OK) return to_error(e);
    udp_recv(pcb, arrived, m);
    return made;
}

result<void> datagrams::send(const net::endpoint& to, std::span<const std::byte> out) {
    if (out.size() > (to.address.is_v4() ? longest_v4 : longest_v6)) return error::too_large;
    if (to.address.is_any() || to.port == 0) return error::not_found;
    const inside lwip;
    const ip_addr_t address = from(to);
    // Nothing is sent in fragments, which many routers and hosts throw away (RFC 8900); the stack's own hosts take all.
    const std::size_t headers = to.address.is_v4() ? 20 + 8 : 40 + 8;
    if (out.size() + headers > interface.mtu && !is_own(address) && !ip_addr_isloopback(&address))
        return error::too_large;
    pbuf* const packet = pbuf_alloc(PBUF_TRANSPORT, static_cast<u16_t>(out.size()), PBUF_RAM);
    if (!packet) return error::out_of_memory;
    pbuf_take(packet, out.data(), static_cast<u16_t>(out.size()));
    const err_t e = udp_sendto(m_->pcb, packet, &address, to.port);
    pbuf_free(packet);
    // The card was busy: this datagram got lost, as it could have anywhere on its way.
    return e == ERR_OK || e == ERR_IF ? result<void>{} : result<void>{to_error(e)};
}

result<net::arrival> datagrams::receive(std::span<std::byte> in) {
    mailbox* const m = m_;
    while (!m->first) UK_TRY(m->arrived.wait());
    letter* const l = m->first;
    m->first = l->next;
    --m->waiting;
    m->bytes -= l->size;
    std::copy_n(l->bytes(), std::min(in.size(), l->size), in.data());
    const net::arrival what{l->size, l->from};
    std::free(l);
    return what;
}

net::endpoint datagrams::local() { return m_->local; }

void datagrams::drop() {
    if (!m_) return;
    const inside lwip;
    udp_remove(m_->pcb);
    while (letter* const l = m_->first) {
        m_->first = l->next;
        std::free(l);
    }
    unmake(std::exchange(m_, nullptr));
}

} // namespace uk::lwip
