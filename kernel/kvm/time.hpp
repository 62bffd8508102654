// Time's beginning; the rest is uk/platform.hpp.
#pragma once

namespace uk::kvm {

/// This moment is the image's instant 0.
void start_time();

} // namespace uk::kvm
