// uk build: images of some or all variants, in dist/<variant>/.
#include <algorithm>
#include <array>
#include <fstream>
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "build/check.hpp"
#include "build/compile_commands.hpp"
#include "build/describe.hpp"
#include "build/project.hpp"
#include "build/snapshot.hpp"
#include "cli/build.hpp"
#include "cli/cache.hpp"
#include "cli/rebuild.hpp"
#include "cli/trace.hpp"
#include "cli/version.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

void tell(const context& how, const build_options& asked, const json& summary, bool unchanged) {
    if (asked.quiet) return;
    if (how.json) {
        json result = summary;
        result["unchanged"] = unchanged;
        how.print(result.dump(2) + "\n");
        return;
    }
    if (unchanged) how.say("everything is up to date");
    for (const json& file : summary.at("files")) {
        const std::string path = file.at("path");
        const auto is_beside = [&](const char* ending) { return path.ends_with(ending); };
        if (std::ranges::any_of(std::array{"run.yaml", ".xl", ".debug", ".json"}, is_beside)) continue;
        how.print(fmt::format("{}  {}\n", path, base::format_size(file.at("size").get<std::uint64_t>())));
    }
}

// A stream that failed once stays so: every line is there, or it is an error.
result<void> check_written(const std::ofstream& lines, const std::string& file) {
    if (lines) return {};
    return base::fail(base::status::environment, {file, 0, 0}, "the events can't be written there")
        .hint("is there room on this disk, and may you write there?");
}

} // namespace

json files_of(const context& how, const build::plan& plan) {
    json files = json::array();
    for (const build::result_file& file : plan.results) {
        std::error_code ignored;
        files.push_back({{"path", "dist/" + file.path},
                         {"size", std::filesystem::file_size(how.folder / "dist" / file.path, ignored)}});
    }
    return files;
}

void tell_results(const context& how, const build_options& asked, const build::plan& plan, const build::outcome& done) {
    tell(how, asked,
         {{"files", files_of(how, plan)}, {"actions", plan.actions.size()}, {"ran", done.ran}, {"cached", done.cached}},
         false);
}

result<json> build_opened(const context& how, const build_options& asked, session& s, build::watched& watched,
                          built* kept) {
    build::plan plan = TRY(s.plan_of(asked.targets, asked.conformance));

    trace recorded;
    std::ofstream lines;
    if (!asked.events.empty()) {
        lines.open(how.folder / asked.events);
        lines << json{{"event", "begin"}, {"total", plan.actions.size()}}.dump() << std::endl;
        CHECK(check_written(lines, asked.events));
    }
    const auto outer = s.listener;
    s.listener = [&](const build::event& what) {
        if (outer) outer(what);
        if (!asked.trace.empty()) recorded.add(what);
        if (lines.is_open()) lines << event_line(what) << std::flush;
    };
    result<build::outcome> executed = s.execute(plan, asked.jobs, asked.sandbox == "on");
    s.listener = outer;
    if (!asked.trace.empty()) CHECK(base::write_file(how.folder / asked.trace, recorded.text()));
    if (lines.is_open()) lines << json{{"event", "end"}, {"ok", executed.has_value()}}.dump() << std::endl;
    if (!executed) return executed.error();
    if (lines.is_open()) CHECK(check_written(lines, asked.events));
    const build::outcome& done = *executed;
    std::vector<build::described_bundle> bundles;
    if (!asked.conformance) {
        bundles = TRY(build::describe(plan, done, {s.project, s.settled, s.tools, version, asked.sandbox == "on"}));
        build::add_documents(plan, done, bundles);
    }
    CHECK(build::write_results(plan, done, s.store, how.folder / "dist"));
    const build::editor_files editors{how.folder, s.store};
    if (!asked.conformance)
        CHECK(build::write_compile_commands(plan, done, s.store, editors, s.project.manifest.variants.front().name));

    json summary{{"files", files_of(how, plan)},
                 {"actions", plan.actions.size()},
                 {"ran", done.ran},
                 {"cached", done.cached},
                 {"fetched", done.fetched},
                 {"remote", done.remote},
                 {"lock_written", s.settled.lock_written}};
    for (const build::result_file& file : plan.results)
        watched.outputs.insert(std::filesystem::absolute(how.folder / "dist" / file.path));
    if (!asked.conformance) watched.outputs.insert(editors.database);
    if (kept) *kept = {std::move(plan), *std::move(executed), std::move(bundles)};
    return summary;
}

result<int> build_variants(context& how, const build_options& asked) {
    const std::int64_t began = build::file_clock();
    // A server that can't be is an error also when it isn't needed.
    TRY(servers_of(asked.servers, asked.offline));
    build::store store = TRY(build::store::open(TRY(how.home())));

    const auto limit = TRY(size_limit());
    std::error_code ignored;
    const std::string key =
        fmt::format("{}\n{} {} {}", std::filesystem::absolute(how.folder, ignored).lexically_normal().string(),
                    base::join(asked.targets, ","), asked.conformance, asked.sandbox);
    if (asked.trace.empty() && asked.events.empty()) {
        if (const auto before = find_memory(store, key)) {
            const auto changed = build::changed_lines(before->snapshot);
            if (changed && changed->empty()) {
                tell(how, asked, before->summary, true);
                return 0;
            }
            if (const auto summary =
                    changed ? TRY(rebuild(how, asked, store, key, *before, *changed, began)) : std::nullopt) {
                tell(how, asked, *summary, false);
                if (limit) TRY(build::collect(store, limit, build::store::patience::none));
                return 0;
            }
        }
    }

    session s = TRY(session::open(how, store, asked.session_options()));
    build::watched watched = build::depends_on(s.project, s.settled, s.tools);
    built all;
    const json summary = TRY(build_opened(how, asked, s, watched, &all));
    // Warnings are to be seen at each build, so only one without any is remembered.
    if (s.project.warnings.empty()) {
        const build_memory now{summary, build::take_snapshot(watched, began)};
        CHECK(asked.conformance ? keep(store, key, now) : keep(store, key, now, s, all, watched));
    }
    tell(how, asked, summary, false);
    if (limit) TRY(build::collect(store, limit, build::store::patience::none));
    return 0;
}

void add_build(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("build", "Build the application's images");
    const auto asked = std::make_shared<build_options>();
    verb->add_option("-t,--target", asked->targets,
                     "A variant of uk.yaml (none: all of them); may be given several times")
        ->type_name("VARIANT");
    verb->add_flag("--locked", asked->locked, "Fail instead of changing uk.lock");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->add_option("-j,--jobs", asked->jobs, "Actions at a time (0: one a processor)")
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    verb->add_option("--sandbox", asked->sandbox, "`off` runs actions unprotected; their results are kept apart")
        ->check(CLI::IsMember({"on", "off"}));
    verb->add_option("--cache", asked->servers.cache.url,
                     "A cache to share with others, by its URL ($UK_CACHE_URL); `off`: none")
        ->type_name("URL");
    verb->add_option("--cache-mode", asked->servers.cache.mode,
                     "`read-only` (so it is if nothing is said) or `read-write`: also give it what is made here")
        ->type_name("MODE")
        ->check(CLI::IsMember({"read-only", "read-write"}));
    verb->add_option("--remote", asked->servers.away.url,
                     "A server that executes actions, by its URL ($UK_REMOTE_URL); `off`: none")
        ->type_name("URL");
    verb->add_option("--remote-jobs", asked->servers.away.jobs,
                     "Actions at a time there ($UK_REMOTE_JOBS; 32 if nothing is said)")
        ->type_name("N")
        ->check(CLI::Range(1, most_remote_jobs));
    CLI::Option* const from =
        verb->add_option("--from", asked->from, "Build what `uk archive` put into FILE, in place of uk.yaml")
            ->type_name("FILE");
    verb->add_option("--trace", asked->trace, "Write when each action ran, as a Chrome trace")->type_name("FILE");
    verb->add_option("--events", asked->events, "Write what happens while it happens, a JSON line each")
        ->type_name("FILE");
    verb->add_flag("--conformance", asked->conformance,
                   "Build the conformance suites of the signatures instead of the application");
    for (CLI::Option* const other : verb->get_options())
        if (other->check_lname("target") || other->check_lname("locked") || other->check_lname("trace") ||
            other->check_lname("events") || other->check_lname("conformance"))
            from->excludes(other);
    verb->footer("\nExamples:\n  uk build                        every variant, into dist/<variant>/\n  uk build "
                 "--target kvm --locked  one, exactly as locked");
    verb->callback([&chosen, asked] {
        chosen = [asked](context& how) {
            return asked->from.empty() ? build_variants(how, *asked) : build_from_archive(how, *asked);
        };
    });
}

} // namespace uk::cli
