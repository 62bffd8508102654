// The runner `xen`: an image as a PVH guest of Debian's own Xen, in emulation, through targets/xen-in-qemu.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "targets/runner.hpp"

namespace uk::targets {

/// Errors: environment if the tool isn't where uk was installed.
base::result<std::vector<std::string>> xen_command(const run_request& what);

/// The image's status for what xen-in-qemu ended with (its head says which) and what the console said last, or 0.
/// Errors: environment when something isn't installed, which the tool has named on standard error.
base::result<int> read_xen_end(int wait_status, int said);

/// Runs it at this terminal.
base::result<int> run_xen(const run_request& what);

} // namespace uk::targets
