// How fast the cycle counter runs, where no shared clock says it.
#pragma once

#include <cstdint>

namespace uk::kvm {

/// Cycles a second: what the processor or hypervisor says, else measured for 10 ms against the interval timer, else against
/// the local APIC's timer. 0 when nothing tells.
[[gnu::cold]] std::uint64_t cycle_frequency();

} // namespace uk::kvm
