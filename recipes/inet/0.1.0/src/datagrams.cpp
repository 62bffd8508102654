// UDP (RFC 768): bound endpoints, and the datagrams that wait there.
#include "inside.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

/// A datagram that waits: its bytes lie behind it.
struct letter {
    letter* next;
    net::endpoint from;
    std::size_t size;
    std::byte* bytes() { return reinterpret_cast<std::byte*>(this + 1); }
};

constexpr std::size_t head_size = 8, most_waiting_bytes = 128 * 1024;

} // namespace

/// A bound endpoint, and what arrived there.
struct mailbox {
    mailbox* next = nullptr;
    letter* first = nullptr;
    letter* last = nullptr;
    int waiting = 0;
    std::size_t bytes = 0;
    fiber::event arrived;
    address where;
    u16 port = 0;
    net::endpoint local;
};

namespace {

mailbox* mailboxes = nullptr;

mailbox* bound_at(const address& where, u16 port) {
    for (mailbox* m = mailboxes; m; m = m->next)
        if (m->port == port && (is_any(where) || is_any(m->where) || m->where == where)) return m;
    return nullptr;
}

} // namespace

void receive_udp(incoming& p) {
    if (p.size < head_size) return;
    const std::size_t size = get16(p.data + 4);
    if (size < head_size || size > p.size) return;
    const bool unchecked = p.verified || (get16(p.data + 6) == 0 && is_v4(p.from));
    if (!unchecked && add(pseudo_sum(p.from, p.to, udp, size), sum(p.data, size)) != 0xffff) return;
    const u16 port = get16(p.data + 2);
    const std::size_t count = size - head_size;
    if (port == 68 && is_v4(p.to) && dhcp_listens()) return receive_dhcp(p.data + head_size, count);
    mailbox* const m = bound_at(p.to, port);
    if (!m) return complain(p, complaint::port);
    if (m->waiting >= config::inet::waiting_datagrams || m->bytes + count > most_waiting_bytes) return;
    void* const place = std::malloc(sizeof(letter) + count);
    if (!place) return;
    auto* const l = ::new (place) letter{nullptr, {to_address(p.from), get16(p.data)}, count};
    call_memcpy(l->bytes(), p.data + head_size, count);
    (m->first ? m->last->next : m->first) = l;
    m->last = l;
    ++m->waiting;
    m->bytes += count;
    m->arrived.signal();
}

result<datagrams> bind(const net::endpoint& where) {
    const address at = from(where.address);
    if (!is_any(at) && !is_own(at) && !is_loopback(at)) return error::not_found;
    u16 port = where.port;
    for (int i = 0; !port || bound_at(at, port); port = draw_port())
        if ((port && where.port) || ++i > 64) return error::busy;
    auto* const m = make<mailbox>();
    if (!m) return error::out_of_memory;
    m->where = at;
    m->port = port;
    m->local = {where.address, port, where.scope};
    m->next = mailboxes;
    mailboxes = m;
    return datagrams{m};
}

result<void> datagrams::send(const net::endpoint& to, std::span<const std::byte> out) {
    outgoing p;
    p.to = from(to.address);
    if (is_any(p.to) || to.port == 0) return error::not_found;
    // Nothing is sent in fragments, which many routers and hosts throw away (RFC 8900); the stack itself takes all.
    if (out.size() + head_size > room_for(p.to)) return error::too_large;
    if (is_any(m_->where)) {
        const auto source = source_for(p.to);
        if (!source) return source.error();
        p.from = *source;
    } else {
        p.from = m_->where;
        if (is_v4(p.from) != is_v4(p.to)) return error::not_found;
    }
    p.protocol = udp;
    p.checksum_at = 6;
    p.head_size = head_size;
    put16(p.head(), m_->port);
    put16(p.head() + 2, to.port);
    put16(p.head() + 4, static_cast<u32>(head_size + out.size()));
    put16(p.head() + 6, 0);
    p.body[0] = out;
    const auto sent = inet::send(p);
    // The card was busy: this datagram got lost, as it could have anywhere on its way.
    return sent || sent.error() == error::busy ? result<void>{} : sent;
}

result<net::arrival> datagrams::receive(std::span<std::byte> in) {
    mailbox* const m = m_;
    while (!m->first) UK_TRY(m->arrived.wait());
    letter* const l = m->first;
    m->first = l->next;
    --m->waiting;
    m->bytes -= l->size;
    call_memcpy(in.data(), l->bytes(), std::min(in.size(), l->size));
    const net::arrival what{l->size, l->from};
    std::free(l);
    return what;
}

net::endpoint datagrams::local() { return m_->local; }

void datagrams::drop() {
    mailbox* const m = std::exchange(m_, nullptr);
    if (!m) return;
    mailbox** at = &mailboxes;
    while (*at != m) at = &(*at)->next;
    *at = m->next;
    while (letter* const l = m->first) {
        m->first = l->next;
        std::free(l);
    }
    unmake(m);
}

} // namespace uk::inet
