// Who runs next, on a platform where that is drawn (kernel/simulated).
#pragma once

#include <cstddef>

namespace uk::fiber {

/// Among how many of those that can run, from the longest waiting one on, is drawn.
inline constexpr std::size_t drawn_among = 16;

/// The platform's: called at each change of fiber, says which of `count` (at least 1) fibers goes on: 0 to `count` - 1.
std::size_t draw_next(std::size_t count);

} // namespace uk::fiber
