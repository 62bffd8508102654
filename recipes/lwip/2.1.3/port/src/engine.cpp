// lwIP over one card: setting up, frames in and out, addresses.
#include <uk/lwip/engine.hpp>

#include <algorithm>
#include <cstring>

#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include "connection.hpp"
#include "inside.hpp"

#include "hooks.h"
#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/init.h"
#include "lwip/mld6.h"
#include "lwip/netif.h"
#include "lwip/prot/ip4.h"
#include "netif/ethernet.h"

namespace uk::lwip {

netif interface;

namespace {

const card* the_card = nullptr;
bool refused = false; // the card had no room
fiber::event work;
fiber::event configured;
ip_addr_t servers_known[DNS_MAX_SERVERS];
bool fixed_server = false; // by a parameter

/// A frame of the card's as lwIP sees it.
struct held_frame {
    pbuf_custom custom;
    unsigned slot;
};
held_frame held[slots];

void let_go(pbuf* p) { the_card->release(the_card->self, reinterpret_cast<held_frame*>(p)->slot); }

// --- sending --------------------------------------------------------------------------------------------------------

constexpr std::size_t most_pieces = 4;
constexpr u16_t ethernet_header = 14;

/// For a TCP segment: what the card has to finish, with the pseudo header's sum put where it goes on from. lwIP sums
/// everything else itself, and TCP is never in fragments.
net::unfinished_checksum unfinished(std::byte* frame, std::size_t size) {
    auto* const at = reinterpret_cast<unsigned char*>(frame);
    const unsigned type = static_cast<unsigned>(at[12] << 8 | at[13]);
    unsigned start = 0, length = 0;
    std::uint32_t sum = 0;
    if (type == ETHTYPE_IP && size >= 54 && at[23] == IP_PROTO_TCP) {
        const unsigned header = (at[14] & 15u) * 4;
        start = ethernet_header + header;
        length = static_cast<unsigned>(at[16] << 8 | at[17]) - header;
        sum = uk_lwip_checksum(at + 26, 8);
    } else if (type == ETHTYPE_IPV6 && size >= 74 && at[20] == IP_PROTO_TCP) {
        start = ethernet_header + 40;
        length = static_cast<unsigned>(at[18] << 8 | at[19]);
        sum = uk_lwip_checksum(at + 22, 32);
    } else {
        return {};
    }
    sum += lwip_htons(static_cast<u16_t>(length)) + lwip_htons(static_cast<u16_t>(IP_PROTO_TCP));
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    constexpr unsigned offset = 16; // of the checksum in a TCP header
    const auto folded = static_cast<std::uint16_t>(sum);
    std::memcpy(at + start + offset, &folded, sizeof folded);
    return {static_cast<std::uint16_t>(start), offset};
}

err_t send_frame(struct netif*, pbuf* packet) {
    std::span<const std::byte> pieces[most_pieces];
    std::size_t count = 0;
    pbuf* whole = nullptr;
    for (const pbuf* p = packet; p; p = p->next) {
        if (count == most_pieces) { // a long chain: as one piece
            whole = pbuf_clone(PBUF_RAW, PBUF_RAM, packet);
            if (!whole) return ERR_MEM;
            pieces[0] = {static_cast<const std::byte*>(whole->payload), whole->len};
            count = 1;
            break;
        }
        pieces[count++] = {static_cast<const std::byte*>(p->payload), p->len};
        if (p->len == p->tot_len) break;
    }
    auto* const first = static_cast<std::byte*>(packet->payload);
    const net::unfinished_checksum checksum =
        the_card->finishes_checksums ? unfinished(first, packet->len) : net::unfinished_checksum{};
    if (first[12] == std::byte{ETHTYPE_ARP >> 8} && first[13] == std::byte{ETHTYPE_ARP & 0xff}) note_arp_request();
    const auto sent = the_card->send(the_card->self, {pieces, count}, checksum);
    if (whole) pbuf_free(whole);
    if (sent) return ERR_OK;
    if (sent.error() == error::busy) {
        refused = true;
        signal_work();
    }
    return ERR_IF;
}

void notice_addresses(struct netif*) { configured.signal(); }

err_t set_up(struct netif* n) {
    n->name[0] = 'e';
    n->name[1] = 'n';
    n->output = etharp_output;
    n->output_ip6 = ethip6_output;
    n->linkoutput = send_frame;
    n->mtu = static_cast<u16_t>(std::min<std::size_t>(the_card->mtu, 0xffff));
    n->mtu6 = n->mtu;
    n->hwaddr_len = ETH_HWADDR_LEN;
    std::copy(the_card->address.bytes.begin(), the_card->address.bytes.end(), n->hwaddr);
    n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
    if (the_card->finishes_checksums) {
        NETIF_SET_CHECKSUM_CTRL(n, static_cast<u16_t>(NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_GEN_TCP));
    }
    return ERR_OK;
}

/// While it lives, what an interface receives counts as undamaged.
class unchecked {
  public:
    unchecked(struct netif& n, bool trusted) : netif_{n}, usual_{n.chksum_flags} {
        constexpr u16_t checks = NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP;
        if (trusted) n.chksum_flags = static_cast<u16_t>(usual_ & ~checks);
    }
    ~unchecked() { netif_.chksum_flags = usual_; }
    unchecked(const unchecked&) = delete;
    unchecked& operator=(const unchecked&) = delete;

  private:
    struct netif& netif_;
    u16_t usual_;
};

bool is_listed(std::size_t i) {
    const auto state = netif_ip6_addr_state(&interface, static_cast<s8_t>(i));
    return ip6_addr_isvalid(state);
}

bool has_address() {
    if (!ip4_addr_isany(netif_ip4_addr(&interface))) return true;
    for (std::size_t i = 1; i < LWIP_IPV6_NUM_ADDRESSES; ++i) // 0 is the link's own
        if (is_listed(i)) return true;
    return false;
}

} // namespace

void signal_work() { work.signal(); }
result<void> wait_for_work(instant until) { return work.wait_until(until); }
bool is_refused() { return refused; }
void forget_refused() { refused = false; }

result<void> open(const card& what, const parameters& how) {
    the_card = &what;
    UK_TRY(seed(what));
    lwip_init();
    for (held_frame& frame : held) frame.custom.custom_free_function = let_go;
    for (unsigned i = 0; i < slots; ++i) held[i].slot = i;

    ip4_addr_t address{}, mask{}, gateway{};
    if (how.address) {
        const unsigned prefix = how.address->prefix;
        if (prefix > 32) return error::invalid;
        address.addr = lwip_htonl(how.address->address);
        mask.addr = lwip_htonl(prefix ? ~std::uint32_t{0} << (32 - prefix) : 0);
        if (how.gateway) gateway.addr = lwip_htonl(*how.gateway);
    }
    if (how.name_server) ip_addr_set_ip4_u32(&servers_known[0], lwip_htonl(*how.name_server));
    fixed_server = how.name_server.has_value();
    const inside lwip;
    netif_add(&interface, &address, &mask, &gateway, nullptr, set_up, ethernet_input);
    netif_set_status_callback(&interface, notice_addresses);
    netif_set_default(&interface);
    netif_create_ip6_linklocal_address(&interface, 1);
    interface.ip6_autoconfig_enabled = 1;
    netif_set_up(&interface);
    netif_set_link_up(&interface);
    if (!how.address && dhcp_start(&interface) != ERR_OK) return error::out_of_memory;
    return {};
}

void close() {
    netif_set_down(&interface);
    the_card = nullptr;
}

void receive(std::span<std::byte> frame, bool verified, unsigned slot) {
    const inside lwip;
    pbuf* packet;
    const auto size = static_cast<u16_t>(frame.size());
    if (slot < slots) {
        packet = pbuf_alloced_custom(PBUF_RAW, size, PBUF_REF, &held[slot].custom, frame.data(), size);
    } else {
        packet = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
        if (!packet) return; // lost, as if it had been on its way
        pbuf_take(packet, frame.data(), size);
    }
    const unchecked trust{interface, verified};
    if (interface.input(packet, &interface) != ERR_OK) pbuf_free(packet);
}

instant serve() {
    for (;;) {
        flush();
        bool more = false;
        for (struct netif* n = netif_list; n; n = n->next) {
            more |= n->loop_first != nullptr;
            const unchecked trust{*n, true}; // a card that finishes checksums left those of our own packets open
            netif_poll(n);
        }
        if (!more) break;
    }
    return run_timers();
}

result<std::size_t> addresses(std::span<net::ip_network> networks) {
    while (!has_address()) UK_TRY(configured.wait());
    configured.signal(); // for the next who waits
    std::size_t count = 0;
    const auto put = [&](const ip_addr_t& address, unsigned prefix) {
        if (count < networks.size()) networks[count] = {to_address(address), static_cast<std::uint8_t>(prefix)};
        ++count;
    };
    if (!ip4_addr_isany(netif_ip4_addr(&interface)))
        put(*netif_ip_addr4(&interface),
            static_cast<unsigned>(__builtin_popcount(netif_ip4_netmask(&interface)->addr)));
    for (std::size_t i = 1; i < LWIP_IPV6_NUM_ADDRESSES; ++i)
        if (is_listed(i)) put(*netif_ip_addr6(&interface, i), 64);
    if (is_listed(0)) put(*netif_ip_addr6(&interface, 0), 64);
    return std::min(count, networks.size());
}

std::size_t name_servers(std::span<net::ip_address> servers) {
    std::size_t count = 0;
    for (const ip_addr_t& one : servers_known) {
        if (ip_addr_isany(&one)) continue;
        if (count < servers.size()) servers[count] = to_address(one);
        ++count;
    }
    return std::min(count, servers.size());
}

namespace {
/// DHCP and routers count theirs from 0 each: half of the places for either kind. What a parameter says stands alone.
void note_server(u8_t index, const ip_addr_t* server) {
    if (fixed_server) return;
    constexpr u8_t half = DNS_MAX_SERVERS / 2;
    if (server && index >= half) return;
    if (server && IP_IS_V6(server)) index = static_cast<u8_t>(index + half);
    if (index < DNS_MAX_SERVERS) servers_known[index] = server ? *server : ip_addr_t{};
}
} // namespace

} // namespace uk::lwip

extern "C" {
void dns_init() {}
void dns_setserver(u8_t index, const ip_addr_t* server) { uk::lwip::note_server(index, server); }
const ip_addr_t* dns_getserver(u8_t index) {
    return index < DNS_MAX_SERVERS ? &uk::lwip::servers_known[index] : IP_ADDR_ANY;
}
}
