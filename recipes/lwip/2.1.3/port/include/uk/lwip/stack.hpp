// implements net.stack: lwIP over any Ethernet card. Two fibers serve it: one takes frames from the card, the other does what is
// due and sleeps until then. Neither runs while nothing happens.
#pragma once

#include <memory>
#include <new>
#include <utility>

#include <uk/entropy/entropy.hpp>
#include <uk/fiber.hpp>
#include <uk/lwip/engine.hpp>
#include <uk/lwip/flow.hpp>
#include <uk/net/device.hpp>
#include <uk/net/stack.hpp>

namespace uk::lwip {

template <net::Device Device, entropy::Entropy Random>
class stack {
  public:
    using flow = lwip::flow;
    using listener = lwip::listener;
    using datagrams = lwip::datagrams;
    using parameters = lwip::parameters;

    stack(Device& device, Random& random) : device_{device}, random_{random} {}
    stack(const stack&) = delete;
    stack& operator=(const stack&) = delete;

    result<void> open(const parameters& how) {
        card_ = {.self = this,
                 .send =
                     [](void* self, net::frame_pieces pieces, net::unfinished_checksum checksum) {
                         return static_cast<stack*>(self)->device_.send(pieces, checksum);
                     },
                 .release = [](void* self, unsigned slot) { static_cast<stack*>(self)->release(slot); },
                 .random = [](void* self, std::span<std::byte> out) -> result<void> {
                     return static_cast<stack*>(self)->random_.fill(out);
                 },
                 .address = device_.address(),
                 .mtu = device_.mtu(),
                 .finishes_checksums = device_.finishes_checksums()};
        UK_TRY(lwip::open(card_, how));
        auto started = fibers_.spawn([this] { take_frames(); }, {.stack_size = stack_size, .name = "lwip frames"});
        if (started) started = fibers_.spawn([this] { work(); }, {.stack_size = stack_size, .name = "lwip timers"});
        if (!started) close();
        return started;
    }
    void close() {
        fibers_.cancel();
        while (fibers_.size() > 0 && fibers_.join()) {
        }
        lwip::close();
    }

    result<listener> listen(const net::endpoint& where) { return lwip::listen(where); }
    result<flow> connect(const net::endpoint& where) { return lwip::connect(where); }
    result<datagrams> bind(const net::endpoint& where) { return lwip::bind(where); }
    result<std::size_t> addresses(std::span<net::ip_network> networks) { return lwip::addresses(networks); }
    std::size_t name_servers(std::span<net::ip_address> servers) { return lwip::name_servers(servers); }

  private:
    using frame = typename Device::frame;
    static constexpr std::size_t stack_size = 12 * 1024;
    static constexpr unsigned turn = 32; // frames

    void take_frames() {
        for (unsigned count = 1;; ++count) {
            // However fast they come, those who answer have their turn.
            if (count % turn == 0 && !fiber::yield()) return;
            // Who can't answer doesn't listen: what comes meanwhile waits in the card.
            while (lwip::is_refused())
                if (!room_.wait()) return;
            auto next = device_.receive();
            if (!next) return; // cancelled, or the card is gone
            const bool verified = std::as_const(*next).verified();
            if (free_ == 0) {
                lwip::receive(next->bytes(), verified, slots);
                continue;
            }
            const unsigned slot = static_cast<unsigned>(__builtin_ctz(free_));
            free_ &= ~(1u << slot);
            frame* const kept = ::new (&held_[slot]) frame(std::move(*next));
            lwip::receive(kept->bytes(), verified, slot);
        }
    }
    void release(unsigned slot) {
        std::destroy_at(std::launder(reinterpret_cast<frame*>(&held_[slot])));
        free_ |= 1u << slot;
    }

    void work() {
        for (;;) {
            const instant next = lwip::serve();
            if (lwip::is_refused()) {
                const fiber::deadline limit{next};
                if (const auto r = device_.sendable(); r) {
                    lwip::forget_refused();
                    room_.signal();
                } else if (r.error() != error::timed_out) {
                    return;
                }
            } else if (const auto r = lwip::wait_for_work(next); !r && r.error() != error::timed_out) {
                return;
            }
        }
    }

    struct alignas(frame) place {
        std::byte bytes[sizeof(frame)];
    };

    Device& device_;
    Random& random_;
    card card_{};
    unsigned free_ = (1u << slots) - 1;
    place held_[slots];
    fiber::event room_;
    fiber::scope fibers_;
};

} // namespace uk::lwip
