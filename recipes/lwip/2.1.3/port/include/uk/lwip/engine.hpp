// The part of the stack that doesn't depend on the card: lwIP, its timers, and what wakes the fibers that serve it.
// lwIP holds its state in globals, so there is one engine an image (`singleton`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <lwip/config.hpp>

#include <uk/lwip/flow.hpp>
#include <uk/net/device.hpp>
#include <uk/result.hpp>
#include <uk/time.hpp>

namespace uk::lwip {

/// The card as the engine sees it.
struct card {
    void* self;
    result<void> (*send)(void* self, net::frame_pieces pieces, net::unfinished_checksum checksum);
    void (*release)(void* self, unsigned slot); ///< the frame in that slot isn't needed any more
    result<void> (*random)(void* self, std::span<std::byte> out);
    net::mac_address address;
    std::size_t mtu;
    bool finishes_checksums;
};

using parameters = config::lwip::parameters;

/// Frames that lwIP may hold at a time without a copy; later ones are copied.
inline constexpr unsigned slots = 4;

/// Starts lwIP over the card. `what` must stay. Errors: io (no entropy), invalid.
result<void> open(const card& what, const parameters& how);
/// Ends every connection without a word.
void close();

/// Hands over one frame. With a slot it stays where it is until `release`; without (`slots`), it is copied.
void receive(std::span<std::byte> frame, bool verified, unsigned slot);

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

} // namespace uk::lwip
