// signature time.clock 0.1: what time it is, since boot and for people. Sleeping belongs to fibers (uk/fiber.hpp).
#pragma once

#include <concepts>

#include <uk/result.hpp>
#include <uk/time.hpp>

namespace uk::time {

/// A clock of the machine. Calls never block and may be made from any fiber.
template <class C>
concept Clock = requires(C& clock) {
    /// Time since the image started: never goes back, goes on while the image sleeps.
    { clock.now() } -> std::same_as<instant>;
    /// Civil time (UTC). error::unsupported where the machine doesn't know it. May step when somebody sets it.
    { clock.wall() } -> std::same_as<result<wall_time>>;
    /// The least difference that `now` can show; at least 1 ns.
    { clock.resolution() } -> std::same_as<duration>;
};

} // namespace uk::time
