// Beside platform::allocate_stack: the stack that is needed before there is an allocator.
#pragma once

#include <cstddef>
#include <span>

namespace uk::x86_64 {

/// The first fiber's stack, with a guard page below it; empty when there is no memory. Needs no allocator, so that an image
/// which starts no other fiber doesn't have one linked.
std::span<std::byte> first_stack(std::size_t size);

} // namespace uk::x86_64
