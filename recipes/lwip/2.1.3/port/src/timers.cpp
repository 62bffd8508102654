// lwIP's cyclic timers, without the cycles: each says how many ticks may pass before one would do something, and what passed
// meanwhile is made up for then. So an idle stack sleeps, and still forgets what is old.
#include "connection.hpp"

#include <algorithm>

#include <uk/platform.hpp>

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/ip4_frag.h"
#include "lwip/mld6.h"
#include "lwip/nd6.h"
#include "lwip/priv/nd6_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"

namespace uk::lwip {

bool timers_rest = true;

namespace {

using tick_count = std::uint32_t;
constexpr tick_count none = ~tick_count{0};

std::uint64_t milliseconds() {
    return static_cast<std::uint64_t>(platform::now().time_since_epoch().count()) / 1'000'000;
}

// --- TCP: 250 ms, every second one is the slow timer ----------------------------------------------------------------

constexpr tick_count time_wait_ticks = 2 * TCP_MSL / TCP_SLOW_INTERVAL;

/// The other timers of TCP only compare with tcp_ticks, so that may jump.
void tcp_ticks_pass(tick_count count) {
    if (count > 4) {
        tcp_ticks += (count - 3) / 2;
        count = count % 2 ? 3 : 4;
    }
    for (; count > 0; --count) tcp_tmr();
}

bool is_quiet(const tcp_pcb& pcb) {
    if (pcb.unacked || pcb.unsent || pcb.ooseq || pcb.refused_data || pcb.persist_backoff) return false;
    if (pcb.flags & (TF_ACK_DELAY | TF_ACK_NOW | TF_CLOSEPEND)) return false;
    return pcb.state == ESTABLISHED || pcb.state == CLOSE_WAIT ||
           (pcb.state == FIN_WAIT_2 && !(pcb.flags & TF_RXCLOSED));
}

tick_count tcp_ticks_left() {
    bool quiet = true;
    for (tcp_pcb* pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
        // Nobody reads it any more, and everything has arrived at the other end: it may end its side now, for a while.
        if (pcb->state == FIN_WAIT_2 && !pcb->callback_arg && !(pcb->flags & TF_RXCLOSED)) {
            tcp_set_flags(pcb, TF_RXCLOSED);
            pcb->tmr = tcp_ticks;
        }
        quiet &= is_quiet(*pcb);
    }
    // New ones come to the front. Those that are too many go; the others have a time to go.
    int count = 0;
    tick_count oldest = none;
    for (tcp_pcb* pcb = tcp_tw_pcbs; pcb;) {
        tcp_pcb* const next = pcb->next;
        if (++count > config::lwip::time_wait) tcp_abort(pcb);
        else oldest = std::max<tick_count>(1, time_wait_ticks + 1 - std::min(tcp_ticks - pcb->tmr, time_wait_ticks));
        pcb = next;
    }
    if (!quiet) return 1;
    return oldest == none ? none : 2 * oldest;
}

// --- IPv4 -----------------------------------------------------------------------------------------------------------

std::uint64_t arp_until = 0;

tick_count arp_ticks_left() { return milliseconds() < arp_until ? 1 : none; }
void arp_ticks_pass(tick_count count) {
    for (count = std::min<tick_count>(count, ARP_MAXAGE); count > 0; --count) etharp_tmr();
}

tick_count reassembly_ticks_left() { return reassemblies() ? 1 : none; }
void reassembly_ticks_pass(tick_count count) {
    for (count = std::min<tick_count>(count, IP_REASS_MAXAGE + 1); count > 0 && reassemblies(); --count) ip_reass_tmr();
}

tick_count dhcp_fine_ticks_left() {
    const dhcp* const d = netif_dhcp_data(&interface);
    return d && d->request_timeout ? d->request_timeout : none;
}
void dhcp_fine_ticks_pass(tick_count count) {
    for (count = std::min<tick_count>(count, 0x10000); count > 0 && dhcp_fine_ticks_left() != none; --count)
        dhcp_fine_tmr();
}

tick_count dhcp_coarse_ticks_left() {
    const dhcp* const d = netif_dhcp_data(&interface);
    tick_count least = none;
    if (!d) return least;
    if (d->t1_renew_time) least = std::min<tick_count>(least, d->t1_renew_time);
    if (d->t2_rebind_time) least = std::min<tick_count>(least, d->t2_rebind_time);
    if (d->t0_timeout > d->lease_used) least = std::min<tick_count>(least, d->t0_timeout - d->lease_used);
    return least;
}
void dhcp_coarse_ticks_pass(tick_count count) {
    for (count = std::min<tick_count>(count, 0x10000); count > 0 && dhcp_coarse_ticks_left() != none; --count)
        dhcp_coarse_tmr();
}

// --- IPv6 -----------------------------------------------------------------------------------------------------------

constexpr tick_count endless = 0xffffffff;

void shorten(u32_t& life, tick_count by) {
    if (life != endless && life != 0) life = life > by ? life - by : 1;
}

tick_count nd6_ticks_left() {
    tick_count least = interface.rs_count > 0 ? 1 : none;
    for (int i = 0; i < LWIP_ND6_NUM_NEIGHBORS; ++i)
        if (const auto s = neighbor_cache[i].state; s == ND6_INCOMPLETE || s == ND6_DELAY || s == ND6_PROBE) least = 1;
    for (int i = 0; i < LWIP_ND6_NUM_ROUTERS; ++i)
        if (default_router_list[i].neighbor_entry) least = std::min(least, default_router_list[i].invalidation_timer);
    for (int i = 0; i < LWIP_ND6_NUM_PREFIXES; ++i)
        if (prefix_list[i].netif && prefix_list[i].invalidation_timer != endless)
            least = std::min(least, prefix_list[i].invalidation_timer);
    for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
        const auto s = netif_ip6_addr_state(&interface, i);
        if (ip6_addr_istentative(s)) least = 1;
        if (ip6_addr_isinvalid(s) || netif_ip6_addr_isstatic(&interface, i)) continue;
        least = std::min(least, netif_ip6_addr_valid_life(&interface, i)); // endless is none
        if (ip6_addr_ispreferred(s)) least = std::min(least, netif_ip6_addr_pref_life(&interface, i));
    }
    return std::max<tick_count>(least, 1);
}
void nd6_ticks_pass(tick_count count) {
    if (const tick_count jump = count - 1; jump > 0) {
        for (int i = 0; i < LWIP_ND6_NUM_NEIGHBORS; ++i)
            if (neighbor_cache[i].state == ND6_REACHABLE)
                shorten(neighbor_cache[i].counter.reachable_time, jump < endless / 1000 ? jump * 1000 : endless - 1);
        for (int i = 0; i < LWIP_ND6_NUM_ROUTERS; ++i)
            if (default_router_list[i].neighbor_entry) shorten(default_router_list[i].invalidation_timer, jump);
        for (int i = 0; i < LWIP_ND6_NUM_PREFIXES; ++i)
            if (prefix_list[i].netif) shorten(prefix_list[i].invalidation_timer, jump);
        for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
            shorten(interface.ip6_addr_valid_life[i], jump);
            shorten(interface.ip6_addr_pref_life[i], jump);
        }
    }
    nd6_tmr();
}

tick_count mld6_ticks_left() {
    tick_count least = none;
    for (const mld_group* g = netif_mld6_data(&interface); g; g = g->next)
        if (g->timer) least = std::min<tick_count>(least, g->timer);
    return least;
}
void mld6_ticks_pass(tick_count count) {
    for (; count > 0 && mld6_ticks_left() != none; --count) mld6_tmr();
}

// --- all of them ----------------------------------------------------------------------------------------------------

struct timer {
    std::uint32_t interval; // milliseconds
    tick_count (*left)(); // ticks until one does something; none: never, as things are
    void (*pass)(tick_count count);
};

constexpr timer timers[] = {
    {TCP_TMR_INTERVAL, tcp_ticks_left, tcp_ticks_pass},
    {ARP_TMR_INTERVAL, arp_ticks_left, arp_ticks_pass},
    {IP_TMR_INTERVAL, reassembly_ticks_left, reassembly_ticks_pass},
    {DHCP_FINE_TIMER_MSECS, dhcp_fine_ticks_left, dhcp_fine_ticks_pass},
    {DHCP_COARSE_TIMER_MSECS, dhcp_coarse_ticks_left, dhcp_coarse_ticks_pass},
    {ND6_TMR_INTERVAL, nd6_ticks_left, nd6_ticks_pass},
    {MLD6_TMR_INTERVAL, mld6_ticks_left, mld6_ticks_pass},
};

std::uint64_t passed_until[std::size(timers)]; // milliseconds up to which each has made up
std::uint64_t next_due = 0;

void make_up(std::size_t i, std::uint64_t now) {
    const std::uint64_t ticks = (now - passed_until[i]) / timers[i].interval;
    if (ticks == 0) return;
    passed_until[i] += ticks * timers[i].interval;
    timers[i].pass(static_cast<tick_count>(std::min<std::uint64_t>(ticks, none - 1)));
}

} // namespace

instant run_timers() {
    const std::uint64_t now = milliseconds();
    if (now >= next_due) {
        bool rest = true;
        next_due = ~std::uint64_t{0};
        for (std::size_t i = 0; i < std::size(timers); ++i) {
            make_up(i, now);
            const tick_count left = timers[i].left();
            if (left == none) continue;
            if (i == 0) rest = left > 2;
            next_due = std::min(next_due, passed_until[i] + std::uint64_t{left} * timers[i].interval);
        }
        timers_rest = rest;
    }
    constexpr std::uint64_t latest = static_cast<std::uint64_t>(never.time_since_epoch().count()) / 1'000'000;
    return next_due >= latest ? never : instant{duration{static_cast<std::int64_t>(next_due) * 1'000'000}};
}

void resume_timers() {
    timers_rest = false;
    const std::uint64_t now = milliseconds();
    // While nothing waited, time passed for nobody: only the count goes on.
    if (const std::uint64_t ticks = (now - passed_until[0]) / TCP_TMR_INTERVAL; ticks > 0) {
        passed_until[0] += ticks * TCP_TMR_INTERVAL;
        tcp_ticks += static_cast<u32_t>(ticks / 2);
    }
    next_due = std::min(next_due, now + TCP_TMR_INTERVAL);
    signal_work();
}

void note_arp_request() {
    constexpr std::uint64_t patience = 7000; // an entry asks five times, a second apart
    arp_until = milliseconds() + patience;
}

} // namespace uk::lwip

extern "C" {
u32_t sys_now() { return static_cast<u32_t>(uk::lwip::milliseconds()); }
void sys_timeouts_init() {}
void tcp_timer_needed() {}
}
