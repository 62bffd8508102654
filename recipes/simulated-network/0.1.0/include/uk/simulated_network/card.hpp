// implements net.device: a card whose cable leads into a simulated network (weather.hpp) and to a mirror (mirror.hpp).
// No fiber of its own: frames lie in the order of their arrival, and whoever receives sleeps until the first one's time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <uk/fiber.hpp>
#include <uk/net/device.hpp>
#include <uk/result.hpp>
#include <uk/simulated/chance.hpp>
#include <uk/simulated_network/mirror.hpp>
#include <uk/simulated_network/weather.hpp>

namespace uk::simulated_network {

class card {
    struct slot {
        std::array<std::byte, longest_frame> bytes;
        std::size_t size = 0;
        instant arrives{};
        slot* next = nullptr;
    };

  public:
    using parameters = simulated_network::parameters;

    class frame {
      public:
        frame(card& of, slot& in) : card_{&of}, slot_{&in} {}
        frame(frame&& from) : card_{from.card_}, slot_{std::exchange(from.slot_, nullptr)} {}
        frame& operator=(frame&& from) {
            std::swap(card_, from.card_);
            std::swap(slot_, from.slot_);
            return *this;
        }
        ~frame() {
            if (slot_) card_->give_back(*slot_);
        }
        std::span<std::byte> bytes() { return {slot_->bytes.data(), slot_->size}; }
        bool verified() const { return false; }

      private:
        card* card_;
        slot* slot_;
    };

    card();
    card(const card&) = delete;
    card& operator=(const card&) = delete;

    result<void> open(const parameters& said);

    net::mac_address address() { return own_address; }
    std::size_t mtu() { return 1500; }
    bool finishes_checksums() { return false; }
    result<void> send(net::frame_pieces pieces, net::unfinished_checksum checksum);
    result<void> sendable();
    result<frame> receive();

  private:
    static constexpr std::size_t slot_count = 256;

    slot* take();
    void give_back(slot& s);
    void put_on_wire(slot& s);
    void enqueue(slot& s);
    bool parted(instant now);

    std::array<slot, slot_count> slots_;
    slot* free_ = nullptr;
    slot* first_ = nullptr; // of those on their way, in the order of arrival
    simulated::chance chance_{0};
    weather weather_{};
    instant wire_free_{}; // when the last frame has left the sender
    instant last_arrival_{};
    instant next_change_{}; // of the partition
    bool parted_ = false;
    fiber::event changed_, room_;
};

} // namespace uk::simulated_network
