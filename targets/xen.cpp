#include "targets/xen.hpp"

#include <sys/wait.h>

#include "base/file.hpp"
#include "targets/child.hpp"
#include "targets/console.hpp"
#include "targets/output.hpp"

namespace uk::targets {

namespace fs = std::filesystem;
using base::error;
using base::result;
using base::status;

namespace {

// xen-in-qemu's own statuses.
constexpr int not_installed = 3, least_reason = 211, most_reason = 219, nobody_reads = 141;

} // namespace

result<std::vector<std::string>> xen_command(const run_request& what) {
    const fs::path tool = what.data / "targets/xen-in-qemu/xen-in-qemu";
    if (!fs::exists(tool))
        return error{status::environment,
                     "the runner for Xen isn't where uk was installed",
                     {tool.string(), 0, 0},
                     "install uk whole: `cmake --install`"};
    const std::string name = fs::path{what.how.image}.stem().string();
    std::vector<std::string> words = {tool.string(), "run", (what.cache / "xen-in-qemu").string(),
                                      (what.folder / what.how.image).string(), (what.folder / (name + ".xl")).string()};
    if (const std::string line = command_line(all_parameters(what)); !line.empty()) words.push_back(line);
    return words;
}

// The tool's 2 and 3 are a guest's as well: what the console said comes first.
result<int> read_xen_end(int wait_status, int said) {
    if (!WIFEXITED(wait_status)) return running_failed;
    const int code = WEXITSTATUS(wait_status);
    if (said != 0) return said;
    if (code == not_installed) {
        return error{status::environment,
                     "this machine lacks what Xen in emulation needs",
                     {},
                     "the lines above name it; `uk doctor` lists all that is missing"};
    }
    const bool is_the_guests = code == 0 || code == nobody_reads || (code >= least_reason && code <= most_reason);
    return is_the_guests ? code : running_failed;
}

result<int> run_xen(const run_request& what) {
    const std::vector<std::string> words = TRY(xen_command(what));
    CHECK(base::make_folders(what.cache));
    output_filter filter;
    const int ended = TRY(run_at_terminal({.words = words, .output = filter.sink()}));
    return read_xen_end(ended, filter.finish());
}

} // namespace uk::targets
