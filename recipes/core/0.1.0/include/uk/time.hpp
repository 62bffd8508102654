// Time: what an instant and a duration are, in every image.
#pragma once

// Durations, instants and clocks alone: the rest of <chrono> brings streams and locales into every file that is compiled.
#include <bits/chrono.h>

namespace uk {

using duration = std::chrono::nanoseconds;

/// The tag of the monotonic clock that starts with the image. Never steps, never goes back.
struct since_boot {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
};

/// A point in monotonic time: nanoseconds since the image started.
using instant = std::chrono::time_point<since_boot, duration>;

/// A point in civil time: nanoseconds since 1970-01-01 00:00 UTC, without leap seconds (POSIX).
using wall_time = std::chrono::time_point<std::chrono::system_clock, duration>;

/// "Never": waits without a deadline use it.
inline constexpr instant never = instant::max();

} // namespace uk
