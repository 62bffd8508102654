// Xen's system time, which deadlines are given in.
#pragma once

#include <cstdint>

#include <uk/time.hpp>

namespace uk::xen {

/// Remembers when the image started.
void start_time();

/// Nanoseconds since Xen booted, at `when`.
std::uint64_t system_time_at(instant when);

} // namespace uk::xen
