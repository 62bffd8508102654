#include "cli/plan_executor.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "cli/progress.hpp"

namespace uk::cli {

using base::result;

std::filesystem::path folder_of(const context& how) {
    std::error_code ignored;
    return std::filesystem::absolute(how.folder, ignored).lexically_normal() / "";
}

void plan_executor::tell_servers(const build::outcome& done) const {
    std::size_t all = done.actions.size();
    if (known != nullptr)
        all -= static_cast<std::size_t>(std::ranges::count_if(*known, [](const auto& one) { return one.has_value(); }));
    const std::size_t there = static_cast<std::size_t>(
        std::ranges::count_if(done.actions, [](const auto& one) { return one.fetched && one.is_remote; }));
    if (done.fetched > there) how.say(fmt::format("{} of {} actions from the shared cache", done.fetched - there, all));
    if (done.remote + there == 0) {
        if (servers.away && !tools.tree && done.ran > 0)
            how.say("nothing was executed remotely: the toolchain is this machine's own (`toolchain:` in uk.yaml names "
                    "one that can be sent)");
        return;
    }
    const std::size_t here = done.ran - done.remote;
    how.say(fmt::format("{} of {} actions executed remotely{}{}", done.remote, all,
                        there > 0 ? fmt::format(", {} known there", there) : "",
                        here > 0 ? fmt::format(", {} here", here) : ""));
}

result<build::outcome> plan_executor::run(const build::plan& plan, int jobs, bool sandbox,
                                          const build::action*& failed) const {
    progress shown{how};
    std::mutex speaking; // a warning may come while something else is told
    build::engine_options options{.jobs = jobs, .sandbox = sandbox, .project = folder_of(how)};
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
    if (servers.cache) {
        cache = TRY(build::shared_cache::open(store, *servers.cache, warn));
        options.shared = cache.get();
    }
    std::unique_ptr<build::remote> server;
    if (servers.away) {
        server = TRY(build::remote::open(store, *servers.away, warn));
        options.away = server.get();
    }
    result<build::outcome> done = build::execute(plan, tools, store, options);
    shown.clear();
    if (done) tell_servers(*done);
    return done;
}

} // namespace uk::cli
