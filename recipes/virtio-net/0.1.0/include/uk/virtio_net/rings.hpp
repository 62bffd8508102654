// The two queues of a network card and the memory of their buffers (virtio 1.2, 5.1): what the driver is, less how the device is
// reached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/net/device.hpp>
#include <uk/virtio_net/buffer_queue.hpp>

namespace uk::virtio_net {

// Feature bits (virtio 1.2, 5.1.3 and 6; any_layout: 6.3).
inline constexpr std::uint64_t finishes_checksums = 1u << 0, vouches_for_checksums = 1u << 1, has_mtu = 1u << 3,
                               has_mac = 1u << 5, mergeable = 1u << 15, any_layout = 1u << 27, event_index = 1u << 29,
                               version_1 = std::uint64_t{1} << 32;

inline constexpr std::size_t frame_header_size = 14, tag_size = 4; // Ethernet's; an 802.1Q tag fits as well
inline constexpr std::size_t buffer_size = 2048;
inline constexpr std::size_t usual_mtu = 1500, most_mtu = buffer_size - 12 - frame_header_size - tag_size;

/// A frame that has come: in the card's own buffer, or, when it came in several, copied together into a block of the heap.
struct received_frame {
    std::byte* data = nullptr;
    std::uint32_t size = 0;
    std::uint16_t buffer = 0;
    bool verified = false;
    bool copied = false;
};

class rings {
  public:
    rings() = default;
    rings(const rings&) = delete;
    rings& operator=(const rings&) = delete;

    /// Takes memory and gives the device all buffers to receive into. Sizes are powers of two. Errors: out_of_memory.
    [[gnu::cold]] result<void> start(std::uint16_t receive_buffers, std::uint16_t transmit_buffers,
                                     std::uint64_t features, std::size_t mtu);
    /// The device uses it no more. Memory of frames that somebody still holds stays.
    [[gnu::cold]] void stop();

    /// Copies a frame into a buffer and gives it to the device. Errors: busy, too_large, invalid (a checksum that is outside the
    /// frame, or that the device doesn't finish), io (the device is broken).
    result<void> send(net::frame_pieces pieces, net::unfinished_checksum checksum);

    /// The next frame that the device has. False: none, or it is broken.
    bool next(received_frame& out);
    /// The frame's memory is the card's again.
    void give_back(const received_frame& frame);

    /// Whether `send` has room, after taking back what is sent.
    bool can_send();

    bool broken() const { return receive.broken() || transmit.broken(); }
    std::size_t mtu() const { return mtu_; }
    bool finishes() const { return features_ & finishes_checksums; }

    buffer_queue receive, transmit;

  private:
    bool join(received_frame& out, unsigned buffers);

    std::byte* memory_ = nullptr;
    std::uint16_t* free_ = nullptr; // stack of transmit buffers that are ours
    std::uint16_t free_count_ = 0;
    std::uint16_t held_ = 0; // receive buffers that somebody reads
    std::size_t mtu_ = usual_mtu;
    std::size_t header_size_ = 12;
    std::uint64_t features_ = 0;
};

} // namespace uk::virtio_net
