// The clocks of <chrono>, over the platform's. Their representations are libstdc++'s: nanoseconds.
#include <chrono>

#include <uk/platform.hpp>

namespace std::chrono {
inline namespace _V2 {

/// Civil time; 1970 where the machine doesn't know it (use the signature time.clock to be told).
system_clock::time_point system_clock::now() noexcept {
    const auto wall = uk::platform::wall_now();
    return wall ? time_point{wall->time_since_epoch()} : time_point{};
}

/// Time since the image started.
steady_clock::time_point steady_clock::now() noexcept { return time_point{uk::platform::now().time_since_epoch()}; }

} // namespace _V2
} // namespace std::chrono
