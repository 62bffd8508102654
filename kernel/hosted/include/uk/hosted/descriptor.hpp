// A descriptor of the host process as fibers use it: a call blocks its fiber, never the process, also where the descriptor
// itself is a blocking one that is shared with others (a terminal, a pipe), whose flags are not ours to change.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/fiber.hpp>
#include <uk/hosted/poller.hpp>
#include <uk/result.hpp>

namespace uk::hosted {

/// Which way the bytes go; the values are poll(2)'s events.
enum class direction : std::uint16_t { in = 1, out = 4 };

/// Waits until a descriptor can be read or written. One fiber waits at a time. Never moves once it has waited.
class readiness : operation {
  public:
    constexpr readiness(int descriptor, direction way) : operation{became_ready}, descriptor_{descriptor}, way_{way} {}
    readiness(const readiness&) = delete;
    readiness& operator=(const readiness&) = delete;

    /// Returns when a read or write would say something: bytes, room, an end or an error. Errors: cancelled, timed_out, io.
    result<void> wait();

    int descriptor() const { return descriptor_; }
    direction way() const { return way_; }

    operation& for_poller() { return *this; }

  private:
    friend class attempt;
    static void became_ready(operation& self, std::int32_t result, std::uint32_t flags);

    /// How the host is kept from blocking the process: by telling it so with each call; by asking first; needlessly, as
    /// with a regular file.
    enum class manner : std::uint8_t { tell, ask, plain };

    int descriptor_;
    direction way_;
    bool armed_ = false; // the host will tell
    manner manner_ = manner::tell; // until it turns out that the kind of file doesn't know that
    fiber::event ready_;
};

/// Reads what is there, at most `out.size()` bytes; 0 at the end. Errors: cancelled, timed_out (nothing is lost), io.
result<std::size_t> read(readiness& from, std::span<std::byte> out);

/// Writes all of `bytes`. Errors: cancelled, timed_out (a part may have gone out), io.
result<void> write(readiness& to, std::span<const std::byte> bytes);

} // namespace uk::hosted
