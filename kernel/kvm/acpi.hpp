// The few words of ACPI that turn a machine off (ACPI 6.5: 5.2 tables, 4.8.3.2 PM1 control, 4.8.3.7 sleep control,
// 7.4.2 `_S5`). No interpreter: the value in `_S5` is a constant in every firmware we know of.
#pragma once

#include <cstdint>

namespace uk::kvm {

/// Asks the machine to turn itself off; returns if it can't. `rsdp` is the physical address of ACPI's root pointer, or 0.
[[gnu::cold]] void acpi_power_off(std::uint64_t rsdp);

} // namespace uk::kvm
