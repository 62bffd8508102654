// Dates as HTTP writes them (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
#pragma once

#include <span>

#include <uk/time.hpp>

namespace uk::http {

/// For years 0 to 9999.
void write_date(wall_time when, std::span<char, 29> out);

} // namespace uk::http
