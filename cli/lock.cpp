// uk lock: resolves every variant anew, keeping locked versions, and writes uk.lock.
#include <memory>

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

json resolution_json(const resolver::resolution& answer) {
    json components = json::object(), signatures = json::object(), wiring = json::object();
    for (const auto& one : answer.components) components[one.name] = one.id.text();
    for (const auto& one : answer.signatures) signatures[one.name] = one.id.text_short();
    for (const auto& [hole, instance] : answer.wiring) wiring[hole] = instance;
    return {{"variant", answer.variant},
            {"target", answer.target},
            {"components", components},
            {"signatures", signatures},
            {"wiring", wiring}};
}

result<int> lock(context& how, bool toolchain, bool offline) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s =
        TRY(session::open(how, store, {.offline = offline, .renew = true, .accept_toolchain = toolchain}));
    if (how.json) {
        json variants = json::array();
        for (const auto& answer : s.settled.answers) variants.push_back(resolution_json(answer));
        how.print(json{{"written", s.settled.lock_written}, {"variants", variants}}.dump(2) + "\n");
        return 0;
    }
    for (const auto& answer : s.settled.answers)
        how.print(fmt::format("{}: {} components\n", answer.variant, answer.components.size()));
    if (!s.settled.lock_written) how.say("uk.lock says so already");
    return 0;
}

} // namespace

void add_lock(CLI::App& app, verb& chosen) {
    struct options {
        bool toolchain = false, offline = false;
    };
    CLI::App* const verb = app.add_subcommand("lock", "Resolve every variant and write uk.lock");
    const auto asked = std::make_shared<options>();
    verb->add_flag("--toolchain", asked->toolchain, "Accept this machine's toolchain in place of the locked one");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->footer("\nLocked versions are kept where they can be.\n\nExamples:\n  uk lock               after a change "
                 "of uk.yaml, or of uk itself\n"
                 "  uk lock --toolchain   after an upgrade of the compiler");
    verb->callback(
        [&chosen, asked] { chosen = [asked](context& how) { return lock(how, asked->toolchain, asked->offline); }; });
}

} // namespace uk::cli
