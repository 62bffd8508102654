// implements net.stack: TCP/IP over any Ethernet card. Two fibers serve it: one takes frames from the card, the other does what is
// due and sleeps until then. Neither runs while nothing happens.
#pragma once

#include <uk/entropy/entropy.hpp>
#include <uk/fiber.hpp>
#include <uk/inet/engine.hpp>
#include <uk/inet/flow.hpp>
#include <uk/net/device.hpp>
#include <uk/net/stack.hpp>

namespace uk::inet {

template <net::Device Device, entropy::Entropy Random>
class stack {
  public:
    using flow = inet::flow;
    using listener = inet::listener;
    using datagrams = inet::datagrams;
    using parameters = inet::parameters;

    stack(Device& device, Random& random) : device_{device}, random_{random} {}
    stack(const stack&) = delete;
    stack& operator=(const stack&) = delete;

    result<void> open(const parameters& how) {
        card_ = {.self = this,
                 .send =
                     [](void* self, net::frame_pieces pieces, net::unfinished_checksum checksum) {
                         return static_cast<stack*>(self)->device_.send(pieces, checksum);
                     },
                 .random = [](void* self, std::span<std::byte> out) -> result<void> {
                     return static_cast<stack*>(self)->random_.fill(out);
                 },
                 .address = device_.address(),
                 .mtu = device_.mtu(),
                 .finishes_checksums = device_.finishes_checksums()};
        UK_TRY(inet::open(card_, how));
        auto started = fibers_.spawn([this] { take_frames(); }, {.stack_size = stack_size, .name = "inet frames"});
        if (started) started = fibers_.spawn([this] { work(); }, {.stack_size = stack_size, .name = "inet timers"});
        if (!started) close();
        return started;
    }
    void close() {
        fibers_.cancel();
        while (fibers_.size() > 0 && fibers_.join()) {
        }
    }

    result<listener> listen(const net::endpoint& where) { return inet::listen(where); }
    result<flow> connect(const net::endpoint& where) { return inet::connect(where); }
    result<datagrams> bind(const net::endpoint& where) { return inet::bind(where); }
    result<std::size_t> addresses(std::span<net::ip_network> networks) { return inet::addresses(networks); }
    std::size_t name_servers(std::span<net::ip_address> servers) { return inet::name_servers(servers); }

  private:
    static constexpr std::size_t stack_size = 12 * 1024;
    static constexpr unsigned turn = 32; // frames

    void take_frames() {
        for (unsigned count = 1;; ++count) {
            // However fast they come, those who answer have their turn.
            if (count % turn == 0 && !fiber::yield()) return;
            // Who can't answer doesn't listen: what comes meanwhile waits in the card.
            while (inet::is_refused())
                if (!room_.wait()) return;
            auto next = device_.receive();
            if (!next) return; // cancelled, or the card is gone
            inet::receive(next->bytes(), next->verified());
        }
    }

    void work() {
        for (;;) {
            const instant next = inet::serve();
            if (inet::is_refused()) {
                const fiber::deadline limit{next};
                if (const auto r = device_.sendable(); r) {
                    inet::forget_refused();
                    room_.signal();
                } else if (r.error() != error::timed_out) {
                    return;
                }
            } else if (const auto r = inet::wait_for_work(next); !r && r.error() != error::timed_out) {
                return;
            }
        }
    }

    Device& device_;
    Random& random_;
    card card_{};
    fiber::event room_;
    fiber::scope fibers_;
};

} // namespace uk::inet
