// What the firmware says about the machine, for drivers of what can't be found otherwise.
#pragma once

#include <span>

namespace uk::kvm {

/// The bytes of ACPI's DSDT (ACPI 6.5, 5.2.11.1), header and code; empty when the machine has none. Valid for ever.
[[gnu::cold]] std::span<const unsigned char> machine_description();

} // namespace uk::kvm
