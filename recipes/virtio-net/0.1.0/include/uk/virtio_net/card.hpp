// implements net.device: a virtio network card (virtio 1.2, 5.1). Frames are received into buffers that the card lends out, and
// copied into others to be sent, so that nothing waits for the device; what was sent is taken back when room is needed.
// Interrupts are asked for only while a fiber waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <uk/bytes.hpp>
#include <uk/fiber.hpp>
#include <uk/net/device.hpp>
#include <uk/platform.hpp>
#include <uk/virtio/transport.hpp>
#include <uk/virtio_net/rings.hpp>

#include <virtio-net/config.hpp>

namespace uk::virtio_net {

using settings = config::virtio_net::settings;

template <virtio::Transport Bus>
class card {
  public:
    class frame {
      public:
        frame(card& owner, const received_frame& what) : card_{&owner}, what_{what} {}
        frame(frame&& other) : card_{std::exchange(other.card_, nullptr)}, what_{other.what_} {}
        frame& operator=(frame&& other) {
            std::swap(card_, other.card_);
            std::swap(what_, other.what_);
            return *this;
        }
        ~frame() {
            if (card_) card_->give_back(what_);
        }

        std::span<std::byte> bytes() { return {what_.data, what_.size}; }
        bool verified() const { return what_.verified; }

      private:
        card* card_;
        received_frame what_;
    };

    constexpr card(Bus& bus, const settings& how) : bus_{bus}, how_{how} {}
    card(const card&) = delete;
    card& operator=(const card&) = delete;

    /// Errors: not_found (the machine has no such card), unsupported, busy, out_of_memory, io.
    [[gnu::cold]] result<void> open();
    /// No frame may be held any more.
    [[gnu::cold]] void close();

    net::mac_address address() { return address_; }
    std::size_t mtu() { return rings_.mtu(); }
    bool finishes_checksums() { return rings_.finishes(); }

    result<void> send(net::frame_pieces pieces, net::unfinished_checksum checksum) {
        if (!running_) return error::closed;
        if (const auto sent = rings_.send(pieces, checksum); !sent)
            return sent.error() == error::io ? fail() : sent.error();
        if (rings_.transmit.must_notify()) device_->notify(transmit_queue);
        return {};
    }
    result<void> sendable();
    result<frame> receive();

  private:
    static constexpr std::uint16_t receive_queue = 0, transmit_queue = 1;

    [[gnu::cold]] result<void> start(std::uint16_t receive_buffers, std::uint16_t transmit_buffers);
    [[gnu::cold]] result<void> read_configuration(std::uint64_t features, std::size_t& mtu);
    [[gnu::cold]] std::uint16_t buffers_for(std::uint16_t queue, std::int64_t wanted);
    [[gnu::cold]] error fail();
    void give_back(const received_frame& what) {
        rings_.give_back(what);
        // As long as it has plenty, it isn't told before a fiber sleeps.
        if (running_ && rings_.receive.given() <= rings_.receive.size() / 2 && rings_.receive.must_notify())
            device_->notify(receive_queue);
    }
    /// Before a fiber sleeps: frames that were dropped, and wishes of the device that weren't seen at once.
    void tell() {
        if (rings_.receive.must_notify()) device_->notify(receive_queue);
        if (rings_.transmit.must_notify()) device_->notify(transmit_queue);
    }
    static void signal(void* event) { static_cast<fiber::event*>(event)->signal(); }

    Bus& bus_;
    settings how_;
    std::optional<typename Bus::device> device_;
    bool running_ = false;
    net::mac_address address_;
    rings rings_;
    fiber::event received_, sent_;
};

template <virtio::Transport Bus>
result<void> card<Bus>::open() {
    auto found = bus_.find(virtio::device_type::network, static_cast<std::uint32_t>(how_.index));
    if (!found) {
        if (found.error() == error::not_found)
            platform::write_text("uk: this machine has too few virtio network cards\n");
        return found.error();
    }
    device_.emplace(std::move(*found));
    const auto started =
        start(buffers_for(receive_queue, how_.receive_buffers), buffers_for(transmit_queue, how_.transmit_buffers));
    if (!started) close();
    return started;
}

/// As many as asked for, as far as the device has room; 0 when the number is none that a queue can have.
template <virtio::Transport Bus>
std::uint16_t card<Bus>::buffers_for(std::uint16_t queue, std::int64_t wanted) {
    std::uint16_t most = device_->queue_limit(queue);
    if (wanted <= 0 || wanted & (wanted - 1)) return 0;
    while (most & (most - 1)) most &= static_cast<std::uint16_t>(most - 1);
    return wanted < most ? static_cast<std::uint16_t>(wanted) : most;
}

template <virtio::Transport Bus>
result<void> card<Bus>::start(std::uint16_t receive_buffers, std::uint16_t transmit_buffers) {
    if (!receive_buffers || !transmit_buffers) return error::invalid;
    const auto features = device_->negotiate(virtio_net::finishes_checksums | vouches_for_checksums | has_mtu |
                                             has_mac | mergeable | any_layout | event_index);
    if (!features) return features.error();
    if (!(*features & has_mac) || !(*features & (version_1 | any_layout))) return error::unsupported;
    std::size_t mtu = usual_mtu;
    UK_TRY(read_configuration(*features, mtu));
    UK_TRY(rings_.start(receive_buffers, transmit_buffers, *features, mtu));
    UK_TRY(device_->add_queue(receive_queue, rings_.receive.place(), {signal, &received_}));
    UK_TRY(device_->add_queue(transmit_queue, rings_.transmit.place(), {signal, &sent_}));
    UK_TRY(device_->start());
    running_ = true;
    device_->notify(receive_queue);
    return {};
}

template <virtio::Transport Bus>
result<void> card<Bus>::read_configuration(std::uint64_t features, std::size_t& mtu) {
    constexpr std::size_t mac_at = 0, mtu_at = 10, least_mtu = 68; // virtio 1.2, 5.1.4
    UK_TRY(device_->configuration(mac_at, memory_of(address_.bytes)));
    if (!(features & has_mtu)) return {};
    std::uint16_t said = 0;
    UK_TRY(device_->configuration(mtu_at, memory_of(said)));
    if (said < least_mtu) return error::io;
    mtu = said;
    return {};
}

template <virtio::Transport Bus>
void card<Bus>::close() {
    running_ = false;
    if (!device_) return;
    device_->stop();
    device_.reset();
    rings_.stop();
}

/// The device has lied: it is stopped, and whoever waits for it is told.
template <virtio::Transport Bus>
error card<Bus>::fail() {
    if (running_) {
        running_ = false;
        device_->stop();
        received_.signal();
        sent_.signal();
    }
    return error::io;
}

template <virtio::Transport Bus>
result<void> card<Bus>::sendable() {
    while (running_) {
        if (rings_.can_send()) return {};
        if (rings_.broken()) return fail();
        if (rings_.transmit.wait_for_used()) {
            tell();
            UK_TRY(sent_.wait());
        }
    }
    return error::closed;
}

template <virtio::Transport Bus>
result<typename card<Bus>::frame> card<Bus>::receive() {
    received_frame next;
    while (running_) {
        if (rings_.next(next)) return frame{*this, next};
        if (rings_.broken()) return fail();
        if (rings_.receive.wait_for_used()) {
            tell();
            UK_TRY(received_.wait());
        }
    }
    return error::closed;
}

} // namespace uk::virtio_net
