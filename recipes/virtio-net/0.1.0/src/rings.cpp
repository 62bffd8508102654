#include <uk/virtio_net/rings.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <uk/call_memcpy.hpp>

namespace uk::virtio_net {

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t whole_pages(std::size_t bytes) { return (bytes + page - 1) & ~(page - 1); }

/// What stands before each frame (virtio 1.2, 5.1.6). Legacy devices without mergeable buffers have no `buffers`.
struct header {
    std::uint8_t flags = 0;
    std::uint8_t segmentation = 0;
    std::uint16_t header_length = 0;
    std::uint16_t segment_size = 0;
    std::uint16_t checksum_start = 0;
    std::uint16_t checksum_offset = 0;
    std::uint16_t buffers = 0;
};
static_assert(sizeof(header) == 12);
constexpr std::uint8_t needs_checksum = 1, is_valid = 2;
constexpr std::size_t old_header_size = 10;

} // namespace

result<void> rings::start(std::uint16_t receive_buffers, std::uint16_t transmit_buffers, std::uint64_t features,
                          std::size_t mtu) {
    const std::size_t receive_ring = whole_pages(buffer_queue::memory_size(receive_buffers));
    const std::size_t transmit_ring = whole_pages(buffer_queue::memory_size(transmit_buffers) + 2 * transmit_buffers);
    const std::size_t receive_bytes = buffer_size * receive_buffers, transmit_bytes = buffer_size * transmit_buffers;
    memory_ = static_cast<std::byte*>(
        std::aligned_alloc(page, receive_ring + transmit_ring + receive_bytes + transmit_bytes));
    if (!memory_) return error::out_of_memory;
    features_ = features;
    mtu_ = std::min(mtu, most_mtu);
    header_size_ = features & (version_1 | mergeable) ? sizeof(header) : old_header_size;

    using way = buffer_queue::direction;
    std::byte* const buffers = memory_ + receive_ring + transmit_ring;
    receive.start({memory_, buffer_queue::memory_size(receive_buffers)}, receive_buffers, {buffers, receive_bytes},
                  way::from_device, features & event_index);
    transmit.start({memory_ + receive_ring, buffer_queue::memory_size(transmit_buffers)}, transmit_buffers,
                   {buffers + receive_bytes, transmit_bytes}, way::to_device, features & event_index);
    free_ = reinterpret_cast<std::uint16_t*>(memory_ + receive_ring + transmit_ring) - transmit_buffers;
    free_count_ = held_ = 0;
    for (std::uint16_t n = 0; n < receive_buffers; ++n) receive.give(n);
    for (std::uint16_t n = transmit_buffers; n-- > 0;) free_[free_count_++] = n;
    return {};
}

void rings::stop() {
    if (held_ == 0) std::free(memory_);
    memory_ = nullptr;
}

bool rings::can_send() {
    buffer_queue::used_buffer used;
    while (transmit.take(used)) free_[free_count_++] = used.number;
    return free_count_ > 0;
}

result<void> rings::send(net::frame_pieces pieces, net::unfinished_checksum checksum) {
    std::size_t size = 0;
    for (const auto piece : pieces) {
        size += piece.size();
        if (size < piece.size()) return error::too_large;
    }
    if (size > mtu_ + frame_header_size + tag_size) return error::too_large;
    if (checksum.start && (!finishes() || std::size_t{checksum.start} + checksum.offset + 2 > size))
        return error::invalid;
    if (free_count_ == 0 && !can_send()) return transmit.broken() ? error::io : error::busy;

    const std::uint16_t number = free_[--free_count_];
    std::byte* to = transmit.buffer(number).data();
    header h;
    if (checksum.start) {
        h.flags = needs_checksum;
        h.checksum_start = checksum.start;
        h.checksum_offset = checksum.offset;
    }
    std::memcpy(to, &h, sizeof h);
    to += header_size_;
    for (const auto piece : pieces) {
        if (piece.empty()) continue;
        call_memcpy(to, piece.data(), piece.size());
        to += piece.size();
    }
    transmit.give(number, static_cast<std::uint32_t>(header_size_ + size));
    return {};
}

bool rings::next(received_frame& out) {
    buffer_queue::used_buffer used;
    while (receive.take(used)) {
        std::byte* const data = receive.buffer(used.number).data();
        header h;
        std::memcpy(&h, data, sizeof h);
        ++held_;
        out = {.data = data + header_size_,
               .size = used.length > header_size_ ? static_cast<std::uint32_t>(used.length - header_size_) : 0,
               .buffer = used.number,
               .verified = features_ & vouches_for_checksums && h.flags & (needs_checksum | is_valid),
               .copied = false};
        const bool whole = !(features_ & mergeable) || h.buffers == 1;
        if (out.size >= frame_header_size && (whole || join(out, h.buffers))) return true;
        give_back(out); // too short, or too large to be joined: dropped
    }
    return false;
}

/// The frame goes on in further buffers, which are copied behind the first into one block.
bool rings::join(received_frame& out, unsigned buffers) {
    if (buffers == 0 || buffers > receive.size()) return false;
    auto* const block = static_cast<std::byte*>(std::malloc(buffers * buffer_size));
    received_frame whole = out;
    if (block) std::memcpy(block, out.data, out.size);
    whole.data = block;
    whole.copied = true;
    buffer_queue::used_buffer used;
    while (--buffers > 0 && receive.take(used)) { // the device has made all of them used at once (5.1.6.3.1)
        if (block) std::memcpy(block + whole.size, receive.buffer(used.number).data(), used.length);
        whole.size += used.length;
        receive.give(used.number);
    }
    if (buffers > 0 || !block) {
        std::free(block);
        return false;
    }
    receive.give(out.buffer);
    out = whole;
    return true;
}

void rings::give_back(const received_frame& frame) {
    --held_;
    if (frame.copied) std::free(frame.data);
    else if (memory_) receive.give(frame.buffer);
}

} // namespace uk::virtio_net
