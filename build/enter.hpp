// A person in an action's sandbox: the same room with the same inputs, and a shell and ordinary tools beside the toolchain.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "build/sandbox.hpp"

namespace uk::build {

/// Runs `command` in the room of `room` (make_request's; none: a shell) with this process's standard streams, or, where they are a
/// terminal, with one inside. What it makes is gone afterwards. Returns its exit status, or 128 + signal. Errors: environment: no shell is
/// here, or the sandbox can't be made; interrupted.
base::result<int> enter(sandbox_request room, const std::vector<std::string>& command);

} // namespace uk::build
