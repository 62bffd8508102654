// signature net.device 0.1: a network card that carries Ethernet frames (IEEE 802.3, without the frame check sequence).
// Nothing here depends on what is in a frame, save the Internet checksum, which many cards compute for nothing.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/net/address.hpp>
#include <uk/result.hpp>

namespace uk::net {

/// A frame that is sent: pieces that lie behind one another on the wire.
using frame_pieces = std::span<const std::span<const std::byte>>;

/// A checksum that the card has to finish: over all bytes from `start` on, to be stored at `start + offset`, where the
/// pseudo header's sum already stands. `start` 0: none. Both are bytes from the frame's begin.
struct unfinished_checksum {
    std::uint16_t start = 0;
    std::uint16_t offset = 0;
};

/// A received frame is a handle to memory of the card, which gets it back when the handle ends; a card has few of them, so
/// whoever keeps a frame for long copies it.
template <class F>
concept ReceivedFrame = std::movable<F> && requires(F& frame, const F& constant) {
    /// The frame, header first. May be changed in place.
    { frame.bytes() } -> std::same_as<std::span<std::byte>>;
    /// Whether the card vouches for its TCP or UDP checksum.
    { constant.verified() } -> std::same_as<bool>;
};

template <class D>
concept Device =
    ReceivedFrame<typename D::frame> && requires(D& device, frame_pieces pieces, unfinished_checksum checksum) {
        /// The card's own address.
        { device.address() } -> std::same_as<mac_address>;
        /// Bytes that a frame may carry behind its header of 14.
        { device.mtu() } -> std::same_as<std::size_t>;
        /// Whether `send` finishes checksums; else `checksum.start` must be 0.
        { device.finishes_checksums() } -> std::same_as<bool>;
        /// Sends one frame: has copied or sent it when it returns. Never blocks.
        /// Errors: busy (no room now: try again after `sendable`), too_large, closed, io.
        { device.send(pieces, checksum) } -> std::same_as<result<void>>;
        /// Blocks until `send` has room again. One fiber at a time. Errors: cancelled, timed_out, closed, io.
        { device.sendable() } -> std::same_as<result<void>>;
        /// The next frame; blocks until there is one. One fiber at a time. Errors: cancelled, timed_out, closed, io.
        { device.receive() } -> std::same_as<result<typename D::frame>>;
    };

} // namespace uk::net
