// What reaches a port that listens, before lwIP looks at it. A full backlog of half-open connections answers with SYN cookies
// (RFC 4987, 3.6): nothing is kept of who asks, and an acknowledgement of the right number is a connection.
#include "inside.hpp"

#include <uk/platform.hpp>

#include "hooks.h"
#include "lwip/inet_chksum.h"
#include "lwip/ip.h"
#include "lwip/priv/tcp_priv.h"

namespace uk::lwip {
namespace {

/// Cookies are good for one to two of these.
constexpr std::int64_t period = 32'000'000'000; // nanoseconds

u32_t period_now() { return static_cast<u32_t>(platform::now().time_since_epoch().count() / period); }

/// A SYN and ACK without a connection behind it.
void answer(const tcp_hdr& syn) {
    netif* const out = ip_route(ip_current_dest_addr(), ip_current_src_addr());
    if (!out) return;
    constexpr u16_t option_length = 4;
    pbuf* const packet = pbuf_alloc(PBUF_IP, TCP_HLEN + option_length, PBUF_RAM);
    if (!packet) return;
    auto* const header = static_cast<tcp_hdr*>(packet->payload);
    header->src = lwip_htons(syn.dest);
    header->dest = lwip_htons(syn.src);
    header->seqno = lwip_htonl(secret_of(syn, syn.seqno, period_now()));
    header->ackno = lwip_htonl(syn.seqno + 1);
    TCPH_HDRLEN_FLAGS_SET(header, (TCP_HLEN + option_length) / 4, TCP_SYN | TCP_ACK);
    header->wnd = PP_HTONS(TCP_WND);
    header->chksum = 0;
    header->urgp = 0;
    const u16_t most = tcp_eff_send_mss_netif(TCP_MSS, out, ip_current_src_addr());
    *reinterpret_cast<u32_t*>(header + 1) = TCP_BUILD_MSS_OPTION(most);
    IF__NETIF_CHECKSUM_ENABLED(out, NETIF_CHECKSUM_GEN_TCP) {
        header->chksum =
            ip_chksum_pseudo(packet, IP_PROTO_TCP, packet->tot_len, ip_current_dest_addr(), ip_current_src_addr());
    }
    ip_output_if(packet, ip_current_dest_addr(), ip_current_src_addr(), TCP_TTL, 0, IP_PROTO_TCP, out);
    pbuf_free(packet);
}

bool is_cookie(const tcp_hdr& segment) {
    const u32_t now = period_now();
    for (const u32_t then : {now, now - 1})
        if (segment.ackno - 1 == secret_of(segment, segment.seqno - 1, then)) return true;
    return false;
}

void forget_oldest(const tcp_pcb_listen& listening) {
    tcp_pcb* oldest = nullptr;
    for (tcp_pcb* p = tcp_active_pcbs; p; p = p->next)
        if (p->state == SYN_RCVD && p->listener == &listening) oldest = p;
    if (oldest) tcp_abandon(oldest, 0);
}

/// A half-open connection as lwIP would have made it at the SYN, to whose options nothing is owed: segments have the size that
/// everybody takes (RFC 9293, 3.7.1).
bool revive(tcp_pcb_listen& listening, const tcp_hdr& segment) {
    if (listening.accepts_pending >= listening.backlog) forget_oldest(listening);
    if (listening.accepts_pending >= listening.backlog) return false; // nobody accepts: the other end says it again
    tcp_pcb* const pcb = tcp_alloc(listening.prio);
    if (!pcb) return false;
    ++listening.accepts_pending;
    tcp_set_flags(pcb, TF_BACKLOGPEND);
    ip_addr_copy(pcb->local_ip, *ip_current_dest_addr());
    ip_addr_copy(pcb->remote_ip, *ip_current_src_addr());
    pcb->local_port = segment.dest;
    pcb->remote_port = segment.src;
    pcb->state = SYN_RCVD;
    pcb->rcv_nxt = segment.seqno;
    pcb->rcv_ann_right_edge = pcb->rcv_nxt + TCP_WND;
    pcb->snd_wl1 = segment.seqno - 1;
    pcb->lastack = pcb->snd_wl2 = segment.ackno - 1;
    pcb->snd_nxt = pcb->snd_lbb = segment.ackno;
    pcb->snd_wnd = pcb->snd_wnd_max = segment.wnd;
    pcb->callback_arg = listening.callback_arg;
    pcb->listener = &listening;
    pcb->so_options = listening.so_options & SOF_INHERITED;
    pcb->netif_idx = listening.netif_idx;
    TCP_REG_ACTIVE(pcb);
    return true;
}

} // namespace
} // namespace uk::lwip

extern "C" err_t uk_lwip_segment(tcp_pcb* pcb, const tcp_hdr* header) {
    using namespace uk::lwip;
    const unsigned flags = TCPH_FLAGS(header) & (TCP_SYN | TCP_ACK | TCP_RST);
    if (pcb->state == LISTEN) {
        auto& listening = *reinterpret_cast<tcp_pcb_listen*>(pcb);
        if (flags == TCP_SYN && listening.accepts_pending >= listening.backlog) {
            answer(*header);
            return ERR_VAL;
        }
        if (flags == TCP_ACK && is_cookie(*header)) return revive(listening, *header) ? ERR_ALREADY : ERR_VAL;
    } else if (pcb->state == TIME_WAIT) {
        // A new connection between the same ends (RFC 9293, 3.6.1). One whose numbers begin below the old one's end is told so by
        // an acknowledgement, and says with a reset that the old one is over (3.10.7.4).
        const bool begins = flags == TCP_SYN && TCP_SEQ_GT(header->seqno, pcb->rcv_nxt);
        const bool is_over = flags == TCP_RST && header->seqno == pcb->rcv_nxt;
        if (begins || is_over) {
            tcp_abort(pcb);
            return ERR_ABRT;
        }
    }
    return ERR_OK;
}
