// The part of the stack that doesn't depend on the card: protocols, their timers, and what wakes the fibers that serve them.
// Its state is global, so there is one engine an image (`singleton`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <inet/config.hpp>

#include <uk/inet/flow.hpp>
#include <uk/net/device.hpp>
#include <uk/result.hpp>
#include <uk/time.hpp>

namespace uk::inet {

/// The card as the engine sees it.
struct card {
    void* self;
    result<void> (*send)(void* self, net::frame_pieces pieces, net::unfinished_checksum checksum);
    result<void> (*random)(void* self, std::span<std::byte> out);
    net::mac_address address;
    std::size_t mtu;
    bool finishes_checksums;
};

using parameters = config::inet::parameters;

/// Starts the protocols over the card. `what` must stay. Errors: io (no entropy), invalid.
result<void> open(const card& what, const parameters& how);

/// Takes one frame, which isn't needed any more when it returns. `verified`: its TCP or UDP checksum needs no look.
void receive(std::span<std::byte> frame, bool verified);

/// Does what is due: packets to itself, what was written, timers. Returns when to be called again at the latest.
instant serve();
/// Blocks until `serve` has something to do. Errors: cancelled, timed_out.
result<void> wait_for_work(instant until);
/// Whether the card refused a frame, since that was forgotten.
bool is_refused();
void forget_refused();

result<listener> listen(const net::endpoint& where);
result<flow> connect(const net::endpoint& where);
result<datagrams> bind(const net::endpoint& where);
result<std::size_t> addresses(std::span<net::ip_network> networks);
std::size_t name_servers(std::span<net::ip_address> servers);

} // namespace uk::inet
