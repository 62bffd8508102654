// implements time.clock: the platform's own time. Holds nothing, so instances share it.
#pragma once

#include <uk/platform.hpp>

namespace uk::clock {

class clock {
  public:
    instant now() { return platform::now(); }
    result<wall_time> wall() { return platform::wall_now(); }
    duration resolution() { return duration{1}; }
};

} // namespace uk::clock
