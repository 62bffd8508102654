// Runs a bundle: as a process, in QEMU, on Xen. A closed set; none needs root.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "targets/bundle.hpp"
#include "targets/publish.hpp"

namespace uk::targets {

struct run_request {
    run_configuration how;
    std::filesystem::path folder;          ///< holds the image
    std::string machine;                   ///< empty: the first of `how.machines`
    std::vector<std::string> parameters;   ///< behind those of `how`
    std::vector<published_port> published; ///< every `here` is chosen, or 0 for a command that is only shown
    bool emulate = false;                  ///< never use /dev/kvm
    bool tap = false; ///< a network of its own with this machine, in place of QEMU's or the machine's
    std::vector<int> namespaces; ///< where that network is; filled by `run`
    std::filesystem::path cache; ///< for what a runner prepares once (Xen's snapshot)
    std::filesystem::path data; ///< uk's installed data folder (xen-in-qemu)
};

constexpr int running_failed = 125; ///< uk's own status while running
constexpr int machine_reset = 211; ///< the image took its machine down without a word, by a triple fault

/// Those of the configuration, then those of the command line. What `--tap` adds isn't among them.
std::vector<std::string> all_parameters(const run_request& what);

/// The same with what `--tap` adds.
std::vector<std::string> boot_parameters(const run_request& what);

/// The command that runs it, as data: what `uk run --dry-run` prints.
base::result<std::vector<std::string>> run_command(const run_request& what);

/// Runs it with this process's standard input, output and error; returns the image's status (docs/reference/statuses.md).
/// A status that isn't the image's own is explained on standard error.
/// Errors: environment: what is missing and the command that installs it; interrupted: Ctrl-C, and nothing runs any more.
base::result<int> run(const run_request& what);

} // namespace uk::targets
