// What the processor knows about chance.
#pragma once

#include <cstddef>
#include <span>

namespace uk::x86_64 {

/// Fills `out` from RDSEED, else RDRAND. False when the processor has neither, or it failed for good.
[[gnu::cold]] bool hardware_random(std::span<std::byte> out);

/// Sets the value that smashed stacks are found with: from the hardware, else from the cycle counter's jitter.
[[gnu::cold]] void seed_stack_guard();

} // namespace uk::x86_64
