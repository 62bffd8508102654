// uk archive: a build in one file. uk build --from: the same bytes from it.
#include <memory>

#include <fmt/format.h>

#include "base/text.hpp"
#include "build/action_key.hpp"
#include "build/archive.hpp"
#include "build/describe.hpp"
#include "cli/build.hpp"
#include "cli/session.hpp"
#include "cli/version.hpp"

namespace uk::cli {

using base::fail;
using base::json;
using base::result;
using base::status;

namespace {

struct options {
    std::vector<std::string> targets;
    std::string output;
    int jobs = 0;
    bool locked = false, offline = false;
};

result<int> archive(context& how, const options& asked) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {.locked = asked.locked, .offline = asked.offline}));
    build::plan plan = TRY(s.plan_of(asked.targets));
    if (!s.tools.tree)
        how.warn({{},
                  fmt::format("the archive has no compiler: only a machine with this very {} {} builds it",
                              s.tools.name, s.tools.version),
                  {},
                  "`toolchain:` in uk.yaml names one that goes into the archive"});
    const build::outcome done = TRY(s.execute(plan, asked.jobs, true));
    build::add_documents(plan, done, TRY(build::describe(plan, done, {s.project, s.settled, s.tools, version})));
    const std::uint64_t size =
        TRY(build::write_archive(plan, done, s.tools, s.project.manifest.name, store, how.folder / asked.output));
    if (how.json) how.print(json{{"file", asked.output}, {"size", size}}.dump(2) + "\n");
    else how.print(fmt::format("{}  {}\n", asked.output, base::format_size(size)));
    return 0;
}

// The compiler that its actions were keyed with: in the archive, else this machine's own.
result<build::toolchain> toolchain_for(const build::opened_archive& archive, const std::string& file,
                                       build::store& store) {
    if (!archive.host_toolchain) return build::toolchain{.tree = build::input{}};
    build::toolchain mine = TRY(build::find_toolchain(store));
    if (build::property_of(mine) != *archive.host_toolchain)
        return fail(status::environment, {file, 0, 0},
                    "the archive has no compiler, and this machine's isn't the one that it was made with")
            .add({"made with", *archive.host_toolchain, {}})
            .add({"this machine's", build::property_of(mine), {}})
            .hint("build it where it was archived, or archive it with a toolchain that is a component");
    return mine;
}

// Nothing is left in dist/ that isn't what was archived.
result<void> compare(const build::opened_archive& archive, const build::outcome& done, const std::string& file) {
    for (const build::result_file& one : archive.what.results) {
        const auto before = archive.came_out.find(one.path);
        if (before == archive.came_out.end()) continue;
        if (const base::sha256 now = build::hash_of(one, done); now != before->second)
            return fail(status::failed, {file, 0, 0}, "`{}` isn't what it was when it was archived", one.path)
                .add({"archived", before->second.hex(), {}})
                .add({"now", now.hex(), {}})
                .hint("an action of it depends on something that is not in the archive: the processor or the kernel");
    }
    return {};
}

} // namespace

result<int> build_from_archive(context& how, const build_options& asked) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    CHECK(store.hold());
    const std::filesystem::path place = TRY(store.scratch()) / "archive";
    const build::opened_archive archive = TRY(build::open_archive(how.folder / asked.from, place));
    const build::toolchain tools = TRY(toolchain_for(archive, asked.from, store));
    progress shown{how};
    const auto done =
        build::execute(archive.what, tools, store,
                       {.jobs = asked.jobs, .sandbox = asked.sandbox == "on", .tell = [&](const build::event& what) {
                            shown.tell(what);
                        }});
    shown.clear();
    if (!done) return done.error();
    CHECK(compare(archive, *done, asked.from));
    CHECK(build::write_results(archive.what, *done, store, how.folder / "dist"));
    tell_results(how, asked, archive.what, *done);
    return 0;
}

void add_archive(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("archive", "Put a build into one file, with all that it reads");
    const auto asked = std::make_shared<options>();
    verb->add_option("-o,--output", asked->output, "The file")->required()->type_name("FILE");
    verb->add_option("-t,--target", asked->targets,
                     "A variant of uk.yaml (none: all of them); may be given several times")
        ->type_name("VARIANT");
    verb->add_flag("--locked", asked->locked, "Fail instead of changing uk.lock");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->add_option("-j,--jobs", asked->jobs, "Actions at a time (0: one a processor)")
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    verb->footer("\nBuilds what isn't built yet, so that it has the hash of each result. `uk build --from FILE` makes "
                 "the same bytes from it, on any machine, without a "
                 "network; so can other "
                 "programs.\n\nExample:\n  uk archive -o hello.tar && uk build --offline --from hello.tar");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return archive(how, *asked); }; });
}

} // namespace uk::cli
