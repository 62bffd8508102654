// What the stack itself is: its addresses, the servers that it knows, and where packets to others go.
#include "inside.hpp"

#include <algorithm>

namespace uk::inet {

network_v4 configured_v4;

namespace {
fiber::event configured;
address servers[2 * servers_of_a_kind]; // of DHCP, of routers
address fixed_server; // by a parameter: stands alone
} // namespace

void signal_configured() { configured.signal(); }

void set_v4(const network_v4& what) {
    configured_v4 = what;
    if (number(what.own)) announce_v4();
    signal_configured();
}

bool is_own(const address& a) {
    if (is_v4(a)) return a == configured_v4.own && number(a);
    return is_own_v6(a);
}

bool is_for_us(const address& a) { return is_own(a) || is_loopback(a) || (!is_v4(a) && is_group(a)); }

bool is_broadcast(const address& a) {
    if (!is_v4(a)) return false;
    const u32 n = number(a), mask = configured_v4.mask;
    if (n == ~0u) return true;
    return number(configured_v4.own) && mask < ~1u && (n & mask) == (number(configured_v4.own) & mask) &&
           (n | mask) == ~0u;
}

result<address> source_for(const address& to) {
    if (is_own(to)) return to;
    if (is_loopback(to)) return is_v4(to) ? v4(0x7f000001) : loopback_v6;
    if (!is_v4(to)) return source_v6(to);
    if (!number(configured_v4.own)) return error::not_found;
    return configured_v4.own;
}

result<address> next_hop(const address& to) {
    if (!is_v4(to)) return next_hop_v6(to);
    const u32 n = number(to), own = number(configured_v4.own);
    if (n == ~0u || is_multicast(to)) return to;
    if (own && ((n ^ own) & configured_v4.mask) == 0) return to;
    if (own && number(configured_v4.gateway)) return configured_v4.gateway;
    return error::not_found;
}

void set_server(bool of_v6, std::size_t i, const address& server) {
    if (i == servers_of_a_kind) fixed_server = server;
    else servers[i + (of_v6 ? servers_of_a_kind : 0)] = server;
}

address from(const net::ip_address& a) { return load<address>(a.bytes().data()); }
net::ip_address to_address(const address& a) { return net::ip_address::v6(std::bit_cast<std::array<u8, 16>>(a)); }

result<std::size_t> addresses(std::span<net::ip_network> networks) {
    while (!number(configured_v4.own) && !has_v6()) UK_TRY(configured.wait());
    configured.signal(); // for the next who waits
    std::size_t count = 0;
    if (number(configured_v4.own) && count < networks.size())
        networks[count++] = {to_address(configured_v4.own), static_cast<u8>(std::popcount(configured_v4.mask))};
    return count + addresses_v6(networks.subspan(count));
}

std::size_t name_servers(std::span<net::ip_address> out) {
    std::size_t count = 0;
    const bool fixed = fixed_server != any_v6;
    for (const address& one : fixed ? std::span{&fixed_server, 1} : std::span{servers})
        if (!is_any(one) && count < out.size()) out[count++] = to_address(one);
    return count;
}

} // namespace uk::inet
