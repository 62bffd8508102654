// uk check: do the pieces fit? Everything against its signatures, nothing compiled to the end.
#include <memory>

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

result<int> check(context& how, const std::vector<std::string>& targets, bool locked) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {.locked = locked}));
    build::plan plan;
    json checked = json::array();
    for (const registry::variant* variant : TRY(build::chosen_variants(s.project.manifest, targets))) {
        build::append(plan, TRY(build::plan_variant(s.project, s.settled, s.tools, variant->name, true, false)));
        checked.push_back(variant->name);
    }
    const build::outcome done = TRY(s.execute(plan, 0, true));
    if (how.json) {
        how.print(json{{"variants", checked}, {"checks", plan.actions.size()}, {"ran", done.ran}}.dump(2) + "\n");
    } else {
        for (const auto& name : checked) how.print(fmt::format("{}: fits\n", name.get<std::string>()));
    }
    return 0;
}

} // namespace

void add_check(CLI::App& app, verb& chosen) {
    struct options {
        std::vector<std::string> targets;
        bool locked = false;
    };
    CLI::App* const verb = app.add_subcommand("check", "Check that everything fits its signatures, without building");
    const auto asked = std::make_shared<options>();
    verb->add_option("-t,--target", asked->targets, "A variant of uk.yaml (none: all of them)")->type_name("VARIANT");
    verb->add_flag("--locked", asked->locked, "Fail instead of changing uk.lock");
    verb->footer("\nThe application and every component are compiled against the least classes that satisfy their\n"
                 "signatures: what passes works with every implementation.\n\nExample:\n  uk check --target kvm");
    verb->callback(
        [&chosen, asked] { chosen = [asked](context& how) { return check(how, asked->targets, asked->locked); }; });
}

} // namespace uk::cli
