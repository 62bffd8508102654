// Does /dev/kvm work? That it opens doesn't say: on some nested hosts KVM interprets every instruction and knows few.
#pragma once

namespace uk::targets {

/// Runs two instructions, one of them of SSE, in a virtual machine of 20 KiB. A few milliseconds; false on any trouble.
bool kvm_works();

} // namespace uk::targets
