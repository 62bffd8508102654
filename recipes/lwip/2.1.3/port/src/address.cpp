// Addresses in lwIP's form and in ours; errors.
#include "inside.hpp"

#include <cstring>

namespace uk::lwip {

ip_addr_t from(const net::endpoint& where) {
    ip_addr_t made{};
    const net::ip_address& a = where.address;
    if (a.is_any()) {
        IP_SET_TYPE_VAL(made, IPADDR_TYPE_ANY);
    } else if (a.is_v4()) {
        ip_addr_set_ip4_u32_val(made, lwip_htonl(a.number()));
    } else {
        std::memcpy(ip_2_ip6(&made)->addr, a.bytes().data(), 16);
        IP_SET_TYPE_VAL(made, IPADDR_TYPE_V6);
    }
    return made;
}

net::ip_address to_address(const ip_addr_t& address) {
    if (IP_IS_V4_VAL(address)) return net::ip_address::v4(lwip_ntohl(ip_2_ip4(&address)->addr));
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), ip_2_ip6(&address)->addr, 16);
    return net::ip_address::v6(bytes);
}

net::endpoint to_endpoint(const ip_addr_t& address, u16_t port) {
    std::uint8_t scope = 0;
    if (IP_IS_V6_VAL(address)) scope = ip6_addr_zone(ip_2_ip6(&address));
    return {to_address(address), port, scope};
}

bool is_own(const ip_addr_t& address) {
    if (IP_GET_TYPE(&address) == IPADDR_TYPE_ANY) return true;
    for (netif* n = netif_list; n; n = n->next) {
        if (IP_IS_V4_VAL(address)) {
            if (ip4_addr_cmp(ip_2_ip4(&address), netif_ip4_addr(n))) return true;
        } else if (netif_get_ip6_addr_match(n, ip_2_ip6(&address)) >= 0) {
            return true;
        }
    }
    return false;
}

error to_error(err_t e) {
    switch (e) {
    case ERR_MEM:
    case ERR_BUF: return error::out_of_memory;
    case ERR_USE:
    case ERR_ISCONN: return error::busy;
    case ERR_RTE: return error::not_found;
    case ERR_RST:
    case ERR_CLSD:
    case ERR_CONN: return error::closed;
    case ERR_VAL:
    case ERR_ARG: return error::invalid;
    default: return error::io;
    }
}

} // namespace uk::lwip
