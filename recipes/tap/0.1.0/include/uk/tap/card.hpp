// implements net.device: the process's end of a TAP interface. The host sees a cable to another machine; what it sends is read
// into buffers that are lent out, what is sent goes to the host in one call, without a copy. Neither side computes checksums of
// frames that never leave the machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include <uk/fiber.hpp>
#include <uk/hosted/descriptor.hpp>
#include <uk/net/device.hpp>

#include <tap/config.hpp>

namespace uk::tap {

using settings = config::tap::settings;
using parameters = config::tap::parameters;

class card {
  public:
    class frame {
      public:
        frame(card& owner, unsigned slot, std::span<std::byte> bytes, bool verified)
            : card_{&owner}, slot_{slot}, verified_{verified}, bytes_{bytes} {}
        frame(frame&& other)
            : card_{std::exchange(other.card_, nullptr)}, slot_{other.slot_}, verified_{other.verified_},
              bytes_{other.bytes_} {}
        frame& operator=(frame&& other) {
            std::swap(card_, other.card_);
            std::swap(slot_, other.slot_);
            std::swap(verified_, other.verified_);
            std::swap(bytes_, other.bytes_);
            return *this;
        }
        ~frame() {
            if (card_) card_->give_back(slot_);
        }

        std::span<std::byte> bytes() { return bytes_; }
        bool verified() const { return verified_; }

      private:
        card* card_;
        unsigned slot_;
        bool verified_;
        std::span<std::byte> bytes_;
    };

    explicit card(const settings& how) : how_{how} {}
    card(const card&) = delete;
    card& operator=(const card&) = delete;

    /// Errors: invalid (a parameter), not_found (no such interface, or nobody may use it), busy (another process has it),
    /// out_of_memory, io.
    [[gnu::cold]] result<void> open(const parameters& how);
    /// No frame may be held any more.
    [[gnu::cold]] void close();

    net::mac_address address() { return address_; }
    std::size_t mtu() { return mtu_; }
    bool finishes_checksums() { return true; }

    result<void> send(net::frame_pieces pieces, net::unfinished_checksum checksum);
    result<void> sendable();
    result<frame> receive();

  private:
    void give_back(unsigned slot);

    settings how_;
    std::optional<hosted::readiness> readable_;
    net::mac_address address_;
    std::size_t mtu_ = 0;
    std::size_t buffer_size_ = 0;
    std::byte* memory_ = nullptr;
    std::uint64_t free_ = 0; // a bit for each buffer
    fiber::event given_back_;
};

} // namespace uk::tap
