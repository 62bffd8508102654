// The least class that is a Clock: code that compiles against it uses nothing else.
#pragma once

#include <uk/time/clock.hpp>

namespace uk::time {

class clock_archetype {
  public:
    clock_archetype() = delete;
    clock_archetype(const clock_archetype&) = delete;
    clock_archetype& operator=(const clock_archetype&) = delete;

    instant now();
    result<wall_time> wall();
    duration resolution();
};

} // namespace uk::time
