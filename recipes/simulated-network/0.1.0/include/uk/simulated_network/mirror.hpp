// What stands at the other end of the cable: a host for every address there is, each a mirror. An IP packet to another host
// comes back as from that host, with the two addresses exchanged, which leaves every Internet checksum as it was. So what
// connects to any other host reaches a listener of its own image, over the real stack and a real, bad network.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/net/address.hpp>

namespace uk::simulated_network {

inline constexpr net::mac_address own_address{{0x02, 0x75, 0x6b, 0, 0, 1}}, other_address{{0x02, 0x75, 0x6b, 0, 0, 2}};

/// Room that an answer may need beyond the frame that it answers.
inline constexpr std::size_t longest_frame = 1514;

/// Turns a frame into what comes back: a packet mirrored, ARP and neighbour solicitations answered, DHCP served (10.117.0.2/8,
/// the router is 10.117.0.1). Returns the answer's size; 0: nothing comes back.
std::size_t reflect(std::span<std::byte, longest_frame> frame, std::size_t size);

} // namespace uk::simulated_network
