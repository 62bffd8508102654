// uk lock: resolves every variant anew, keeping locked versions, and writes uk.lock.
#include <algorithm>
#include <deque>
#include <memory>

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/session.hpp"
#include "resolver/resolver.hpp"

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

// The variants as a universe. Those that can be resolved are preferred by those below, as when locking.
result<int> dump_universe(context& how, bool offline) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const build::project project = TRY(project_now(how, store, offline));
    const auto locked = resolver::part_of(project.locked.value_or(resolver::lock{}), project.application);
    std::vector<resolver::request> requests;
    std::vector<std::vector<const resolver::resolution*>> above(project.manifest.variants.size() + 1);
    std::deque<resolver::resolution> answers;
    for (std::size_t i = 0; i < project.manifest.variants.size(); ++i) {
        requests.push_back({.manifest = &project.manifest,
                            .components = &project.components,
                            .variant = &project.manifest.variants[i],
                            .locked = &locked,
                            .update = {},
                            .above = &above[i]});
        above[i + 1] = above[i];
        auto answer = resolver::resolve(requests.back());
        if (answer) above[i + 1].push_back(&answers.emplace_back(*std::move(answer)));
        else if (answer.error().kind() != base::status::unsolvable) return answer.error();
    }
    how.print(TRY(resolver::universe_text(requests)));
    return 0;
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
    std::vector<std::string> names; // as the manifest has them; of a workspace all, as the lock has them
    for (const resolver::resolution& answer : s.settled.answers) names.push_back(answer.variant);
    if (!s.project.application.empty()) {
        names.clear();
        for (const resolver::locked_variant& one : s.settled.lock.variants) names.push_back(one.name);
    }
    for (const std::string& name : names) {
        const auto one = std::ranges::find(s.settled.lock.variants, name, &resolver::locked_variant::name);
        how.print(fmt::format("{}: {} components\n", name, one->components.size()));
    }
    if (!s.settled.lock_written) how.say("uk.lock says so already");
    return 0;
}

} // namespace

void add_lock(CLI::App& app, verb& chosen) {
    struct options {
        bool toolchain = false, offline = false, dump = false;
    };
    CLI::App* const verb = app.add_subcommand("lock", "Resolve every variant and write uk.lock");
    const auto asked = std::make_shared<options>();
    verb->add_flag("--toolchain", asked->toolchain, "Accept this machine's toolchain in place of the locked one");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->add_flag("--dump-universe", asked->dump,
                   "Write nothing; print what there is to choose from, as text that `uk solve` reads");
    verb->footer("\nLocked versions are kept where they can be.\n\nExamples:\n  uk lock               after a change "
                 "of uk.yaml, or of uk itself\n"
                 "  uk lock --toolchain   after an upgrade of the compiler\n"
                 "  uk lock --dump-universe > conflict.txt && uk solve conflict.txt");
    verb->callback([&chosen, asked] {
        chosen = [asked](context& how) {
            return asked->dump ? dump_universe(how, asked->offline) : lock(how, asked->toolchain, asked->offline);
        };
    });
}

} // namespace uk::cli
