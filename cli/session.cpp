#include "cli/session.hpp"

#include <algorithm>
#include <mutex>

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
    auto shared = TRY(shared_cache_of(asked.cache));
    auto away = TRY(remote_of(asked.away));
    if (asked.offline) {
        shared.reset();
        away.reset();
    }
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
    return session{
        how, store, std::move(tools), std::move(project), std::move(settled), std::move(shared), std::move(away), {},
        {},  {}};
}

std::filesystem::path folder_of(const context& how) {
    std::error_code ignored;
    return std::filesystem::absolute(how.folder, ignored).lexically_normal() / "";
}

result<build::plan> session::plan_of(const std::vector<std::string>& targets, bool conformance) const {
    build::plan plan;
    for (const registry::variant* variant : TRY(build::chosen_variants(project.manifest, targets)))
        build::append(plan, TRY(build::plan_variant(project, settled, tools, variant->name, false, conformance)));
    return plan;
}

result<build::outcome> session::execute(const build::plan& plan, int jobs, bool sandbox) const {
    const build::action* failed = nullptr;
    auto done = run(plan, jobs, sandbox, project.manifest, settled.answers, failed);
    if (!done && failed && done.error().diagnostics().back().hint.empty())
        done.error().hint(fmt::format("`uk {}` enters its sandbox",
                                      build::shell_line({"shell", failed->label, "-t", failed->variant})));
    return done;
}

result<build::outcome> session::execute(const build::plan& plan, int jobs, bool sandbox,
                                        const registry::recipe& manifest,
                                        const std::vector<resolver::resolution>& answers) const {
    const build::action* failed = nullptr;
    return run(plan, jobs, sandbox, manifest, answers, failed);
}

void session::tell_servers(const build::outcome& done) const {
    const std::size_t all = done.actions.size();
    const std::size_t known = static_cast<std::size_t>(
        std::ranges::count_if(done.actions, [](const auto& one) { return one.fetched && one.is_remote; }));
    if (done.fetched > known) how.say(fmt::format("{} of {} actions from the shared cache", done.fetched - known, all));
    if (done.remote + known == 0) {
        if (away && !tools.tree && done.ran > 0)
            how.say("nothing was executed remotely: the toolchain is this machine's own (`toolchain:` in uk.yaml names "
                    "one that can be sent)");
        return;
    }
    const std::size_t here = done.ran - done.remote;
    how.say(fmt::format("{} of {} actions executed remotely{}{}", done.remote, all,
                        known > 0 ? fmt::format(", {} known there", known) : "",
                        here > 0 ? fmt::format(", {} here", here) : ""));
}

result<build::outcome> session::run(const build::plan& plan, int jobs, bool sandbox, const registry::recipe& manifest,
                                    const std::vector<resolver::resolution>& answers,
                                    const build::action*& failed) const {
    progress shown{how};
    std::mutex speaking; // a warning may come while something else is told
    build::engine_options options{.jobs = jobs, .sandbox = sandbox, .project = folder()};
    options.stop = stop;
    options.known = known;
    options.tell = [&](const build::event& what) {
        const std::scoped_lock lock{speaking};
        if (listener) listener(what);
        shown.tell(what);
        if (what.kind == build::event::type::failed && !is_check(*what.what) &&
            (!failed || what.what < failed)) // as the plan orders them
            failed = what.what;
    };
    const auto warn = [&](const base::diagnostic& what) {
        const std::scoped_lock lock{speaking};
        shown.clear();
        how.warn(what);
    };
    std::unique_ptr<build::shared_cache> cache;
    if (shared) {
        cache = TRY(build::shared_cache::open(store, *shared, warn));
        options.shared = cache.get();
    }
    std::unique_ptr<build::remote> server;
    if (away) {
        server = TRY(build::remote::open(store, *away, warn));
        options.away = server.get();
    }
    const result<build::outcome> done = build::execute(plan, tools, store, options);
    shown.clear();
    if (!done) return done;
    tell_servers(*done);
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

} // namespace uk::cli
