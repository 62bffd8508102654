// The runner `qemu`: an image of its own in a virtual machine, through `-kernel`. Its status leaves through isa-debug-exit,
// and QEMU's monitor protocol tells a power-off from a triple fault, which its exit status doesn't.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "targets/runner.hpp"

namespace uk::targets {

/// Errors: environment without QEMU; usage for a machine that the target hasn't.
base::result<std::vector<std::string>> qemu_command(const run_request& what);

/// What QEMU's end means for the image.
struct qemu_end {
    int status = 0;
    std::string trouble; ///< why it isn't the image's own; else empty
};

/// `wait_status` as of waitpid(2); `events`: what the monitor said, as it came; `said`: of the console's last line, or 0.
qemu_end read_qemu_end(int wait_status, std::string_view events, int said);

/// Runs it at this terminal. Errors: as run_at_terminal.
base::result<qemu_end> run_qemu(const run_request& what);

} // namespace uk::targets
