#include "cli/session.hpp"

#include <fmt/format.h>

#include "build/check.hpp"
#include "build/shell.hpp"

namespace uk::cli {

using base::result;

registry::recipe requiring(registry::recipe manifest, const registry::dependency& wanted) {
    manifest.requires_.push_back({.choices = {{wanted, {}}}, .when = {}, .where = wanted.where});
    return manifest;
}

result<build::project> project_now(const context& how, build::store& store, bool offline) {
    progress shown{how};
    const auto tell = [&](const std::string& text) { shown.stage(text); };
    return build::open_project(how.folder, TRY(how.data_folder()), store,
                               {.fresh = true, .offline = offline, .progress = tell});
}

result<session> session::open(const context& how, build::store& store, options asked) {
    CHECK(store.hold());
    chosen_servers with = TRY(servers_of(asked.servers, asked.offline));
    progress shown{how};
    const auto tell = [&](const std::string& text) { shown.stage(text); };
    build::project project = TRY(build::open_project(
        how.folder, TRY(how.data_folder()), store,
        {.fresh = asked.renew, .locked = asked.locked, .offline = asked.offline, .progress = tell}));
    if (asked.update_all && project.locked) {
        for (const resolver::locked_component& one : project.locked->components) asked.update.push_back(one.name);
    }
    const build::settle_options settling{.locked = asked.locked,
                                         .offline = asked.offline,
                                         .renew = asked.renew,
                                         .update = asked.update,
                                         .accept_toolchain = asked.accept_toolchain,
                                         .progress = tell};
    build::toolchain tools = TRY(build::settle_toolchain(project, store, settling));
    build::settled settled = TRY(build::settle(project, tools, store, settling));
    shown.clear();
    for (const base::diagnostic& one : project.warnings) {
        if (!asked.told || asked.told->insert(one.message).second) how.warn(one);
    }
    if (settled.lock_written) how.say("wrote uk.lock");
    return session{{how, store, std::move(tools), std::move(with)}, std::move(project), std::move(settled)};
}

result<build::plan> session::plan_of(const std::vector<std::string>& targets, bool conformance) const {
    build::plan plan;
    for (const registry::variant* variant : TRY(build::chosen_variants(project.manifest, targets)))
        build::append(plan, TRY(build::plan_variant(project, settled, tools, variant->name, false, conformance)));
    return plan;
}

result<build::outcome> explained(const build::plan& plan, result<build::outcome> done, const registry::recipe& manifest,
                                 const std::vector<resolver::resolution>& answers) {
    if (!done) return done;
    for (const resolver::resolution& answer : answers) {
        // Each failure is explained by the resolution of its own variant.
        build::plan mine;
        build::outcome outcome;
        for (std::size_t i = 0; i < plan.actions.size(); ++i) {
            if (plan.actions[i].variant != answer.variant) continue;
            mine.actions.push_back(plan.actions[i]);
            outcome.actions.push_back(done->actions[i]);
        }
        if (auto why = build::explain_failures(mine, outcome, manifest, answer)) return *std::move(why);
    }
    return done;
}

result<build::outcome> session::explained(const build::plan& plan, result<build::outcome> done,
                                          const build::action* failed) const {
    done = cli::explained(plan, std::move(done), project.manifest, settled.answers);
    if (!done && failed && done.error().diagnostics().back().hint.empty())
        done.error().hint(fmt::format("`uk {}` enters its sandbox",
                                      build::shell_line({"shell", failed->label, "-t", failed->variant})));
    return done;
}

result<build::outcome> session::execute(const build::plan& plan, int jobs, bool sandbox) const {
    const build::action* failed = nullptr;
    auto done = run(plan, jobs, sandbox, failed);
    return explained(plan, std::move(done), failed);
}

result<build::outcome> session::execute(const build::plan& plan, int jobs, bool sandbox,
                                        const registry::recipe& manifest,
                                        const std::vector<resolver::resolution>& answers) const {
    const build::action* failed = nullptr;
    return cli::explained(plan, run(plan, jobs, sandbox, failed), manifest, answers);
}

} // namespace uk::cli
