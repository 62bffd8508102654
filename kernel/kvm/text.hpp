// Beside platform::write_text.
#pragma once

namespace uk::kvm {

/// Waits until all text has left the machine, but not for ever.
void drain_text();

} // namespace uk::kvm
