// A DHCP server (RFC 2131) that knows one client: so that an image needs no word about its address.
#pragma once

#include <cstddef>
#include <span>

#include <uk/simulated_network/mirror.hpp>

namespace uk::simulated_network {

/// Whether this IPv4 packet, which holds UDP, is for a DHCP server.
bool is_to_dhcp_server(const std::byte* ip, std::size_t size);

/// Turns a request into the answer; 0: none is due. Leaves the Ethernet addresses alone.
std::size_t serve_dhcp(std::span<std::byte, longest_frame> frame, std::size_t size);

} // namespace uk::simulated_network
