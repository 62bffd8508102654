// The few words of ACPI that turn a machine off (ACPI 6.5: 5.2 tables, 4.8.3.2 PM1 control, 4.8.3.7 sleep control,
// 7.4.2 `_S5`). No interpreter: the value in `_S5` is a constant in every firmware we know of.
#pragma once

#include <cstdint>

namespace uk::kvm {

/// Remembers where ACPI's root pointer lies: a physical address, or 0.
void set_acpi_root(std::uint64_t rsdp);

/// Asks the machine to turn itself off; returns if it can't.
[[gnu::cold]] void acpi_power_off();

} // namespace uk::kvm
