// The battery-backed clock of every PC (Motorola MC146818A): whole seconds of civil time, taken as UTC.
#pragma once

#include <cstdint>

namespace uk::kvm {

/// Seconds since 1970-01-01; 0 when there is no such clock.
std::int64_t real_time_clock();

} // namespace uk::kvm
