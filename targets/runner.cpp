#include "targets/runner.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.hpp"
#include "targets/child.hpp"
#include "targets/console.hpp"
#include "targets/output.hpp"
#include "targets/private_network.hpp"
#include "targets/qemu.hpp"
#include "targets/xen.hpp"

namespace uk::targets {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

namespace {

std::vector<std::string> process_command(const run_request& what) {
    std::vector<std::string> words{(what.folder / what.how.image).string()};
    const std::vector<std::string> parameters = boot_parameters(what);
    words.insert(words.end(), parameters.begin(), parameters.end());
    return words;
}

result<int> run_process(const run_request& what) {
    std::vector<std::string> words = process_command(what);
    words.front() = fs::absolute(words.front()).string();
    const int ended = TRY(run_at_terminal({.words = words, .output = {}, .namespaces = what.namespaces}));
    return WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended); // as shells say it
}

void explain(const std::string& trouble) {
    if (trouble.empty()) return;
    const std::string text = "uk: " + trouble + "\n";
    if (::write(STDERR_FILENO, text.data(), text.size()) < 0) return;
}

} // namespace

std::vector<std::string> all_parameters(const run_request& what) {
    std::vector<std::string> words = what.how.parameters;
    words.insert(words.end(), what.parameters.begin(), what.parameters.end());
    return words;
}

std::vector<std::string> boot_parameters(const run_request& what) {
    std::vector<std::string> words = all_parameters(what);
    if (!what.tap) return words;
    const std::vector<std::string> more = cable_parameters(what, plan_cables(what));
    words.insert(words.begin(), more.begin(), more.end());
    return words;
}

result<std::vector<std::string>> run_command(const run_request& what) {
    const fs::path image = what.folder / what.how.image;
    if (!fs::exists(image))
        return fail(status::input, {image.string(), 0, 0}, "the image isn't there").hint("`uk build` makes it");
    if (what.how.runner != "qemu" && !what.machine.empty())
        return fail(status::usage, {}, "this variant runs on no machine of QEMU's; leave `--machine` out");
    // An image reads its command line without escapes: quotes keep words together, and nothing stands for a quote.
    for (const std::string& word : all_parameters(what)) {
        if (what.how.runner != "process" && word.find('"') != std::string::npos)
            return fail(status::usage, {}, "the parameter `{}` holds a `\"`, which a boot line can't carry", word);
    }
    if (what.how.runner == "qemu") return qemu_command(what);
    if (what.how.runner == "xen") return xen_command(what);
    if (what.how.runner != "process")
        return fail(status::input, {}, "this uk doesn't know the runner `{}`", what.how.runner);
    return process_command(what);
}

result<int> run(const run_request& asked) {
    TRY(run_command(asked)); // says what is wrong before anything starts
    run_request what = asked;
    std::optional<private_network> network;
    if (what.tap) {
        const std::vector<tap_cable> cables = plan_cables(what);
        network.emplace(TRY(private_network::make(cables, what.published)));
        what.namespaces = network->namespaces();
        explain(fmt::format("the image is {}; beside it: {} COMMAND", cables.front().guest, network->enter_command()));
    }
    if (what.how.runner == "process") return run_process(what);
    if (what.how.runner == "xen") return run_xen(what);
    const qemu_end end = TRY(run_qemu(what));
    explain(end.trouble);
    return end.status;
}

} // namespace uk::targets
