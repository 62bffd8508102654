// A network in memory for tests on the host: what a client sends arrives in the pieces that the test chooses, and what is
// written is kept. Everything runs on one scheduler, so nothing is left to chance.
#pragma once

#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include <uk/fiber.hpp>
#include <uk/net/stack.hpp>

namespace uk::memory {

/// Both directions of one connection, seen from the server.
struct wire {
    std::deque<std::string> arriving; ///< a read gives at most one piece
    bool finished = false; ///< the client has sent all
    bool broken = false; ///< the client has reset it
    std::string written;
    std::size_t writes = 0;
    std::size_t room = SIZE_MAX; ///< what the client still takes
    bool server_finished = false, server_reset = false, server_closed = false;
    net::ready_ticket* watcher = nullptr;
    fiber::event arrived, taken;

    bool can_read() const { return !arriving.empty() || finished || broken; }
    void changed() {
        arrived.signal();
        taken.signal();
        if (watcher && can_read()) std::exchange(watcher, nullptr)->ready();
    }

    // What a client does.
    void send(std::string_view text) {
        if (!text.empty()) arriving.emplace_back(text);
        changed();
    }
    void finish() {
        finished = true;
        changed();
    }
    void reset() {
        broken = true;
        changed();
    }
};

class flow {
  public:
    explicit flow(std::shared_ptr<wire> w) : wire_{std::move(w)} {}
    flow(flow&&) = default;
    flow& operator=(flow&&) = default;
    ~flow() {
        if (wire_) wire_->server_closed = true;
    }

    result<std::size_t> read(std::span<std::byte> in) {
        while (!wire_->can_read()) UK_TRY(wire_->arrived.wait());
        if (wire_->broken) return error::closed;
        if (wire_->arriving.empty()) return 0u;
        std::string& piece = wire_->arriving.front();
        const std::size_t count = std::min(in.size(), piece.size());
        std::memcpy(in.data(), piece.data(), count);
        piece.erase(0, count);
        if (piece.empty()) wire_->arriving.pop_front();
        return count;
    }
    result<void> write(std::span<const std::byte> out) {
        ++wire_->writes;
        while (!out.empty()) {
            if (wire_->broken) return error::closed;
            const std::size_t count = std::min(out.size(), wire_->room);
            if (count == 0) {
                UK_TRY(wire_->taken.wait());
                continue;
            }
            wire_->written.append(reinterpret_cast<const char*>(out.data()), count);
            wire_->room -= wire_->room == SIZE_MAX ? 0 : count;
            out = out.subspan(count);
        }
        return {};
    }
    result<void> finish() {
        wire_->server_finished = true;
        return {};
    }
    void reset() { wire_->server_reset = true; }
    result<void> watch(net::ready_ticket& ticket) {
        if (wire_->can_read()) {
            ticket.ready();
        } else {
            wire_->watcher = &ticket;
        }
        return {};
    }
    void unwatch(net::ready_ticket& ticket) {
        wire_->watcher = nullptr;
        ticket.withdraw();
    }
    net::endpoint peer() { return {net::loopback_v4, 4711}; }

  private:
    std::shared_ptr<wire> wire_;
};

struct backlog {
    std::deque<std::shared_ptr<wire>> waiting;
    fiber::event arrived;
};

class listener {
  public:
    using flow = memory::flow;
    explicit listener(std::shared_ptr<backlog> from) : from_{std::move(from)} {}
    result<flow> accept() {
        while (from_->waiting.empty()) UK_TRY(from_->arrived.wait());
        flow made{from_->waiting.front()};
        from_->waiting.pop_front();
        return made;
    }
    net::endpoint local() { return {net::loopback_v4, 80}; }

  private:
    std::shared_ptr<backlog> from_;
};

static_assert(net::Flow<flow> && net::Listener<listener>);

} // namespace uk::memory
