// What a platform asks the scheduler, beyond uk/fiber.hpp: for its `wait`, its panics, and its way of booting.
#pragma once

#include <cstddef>
#include <span>

namespace uk::fiber {

/// Whether some fiber can run. A platform's `wait` looks, with interrupts (or whatever calls `event::signal`) held off,
/// right before it sleeps: a signal that came earlier is not missed.
bool runnable();

/// What runs when the image starts is the first fiber, `main`. Tells which stack it is on; for messages only.
void first_stack(std::span<std::byte> stack);

/// The running fiber's stack, lowest address first; empty while booting.
std::span<std::byte> running_stack();

} // namespace uk::fiber
