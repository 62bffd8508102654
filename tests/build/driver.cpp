// Executes one fixed plan: `build_driver HOME DIST [MARK [URL [read-write]]]`, or `build_driver HOME DIST MARK remote URL TOOLS`. MARK
// appears in every command line, so that orphans can be found. URL: a shared cache, or a server that executes, given up after two
// seconds of silence. TOOLS: a folder with a program `cc` that does what it is asked without anything of this machine.
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "base/process.hpp"
#include "build/engine.hpp"
#include "build/remote.hpp"
#include "build/shared_cache.hpp"

using namespace uk;

namespace {

build::plan make_plan(const build::toolchain& tools, const std::string& mark) {
    build::plan p;
    std::vector<std::string> objects;
    for (int i = 0; i < 8; ++i) {
        build::action a{.component = "demo", .label = fmt::format("compile f{}.cpp", i), .variant = "v"};
        const std::string source = fmt::format("f{}.cpp", i), object = fmt::format("o/f{}.o", i);
        a.arguments = {tools.cxx, "-O2", "-std=c++20", "-nostdinc", "-D" + mark, "-c", source, "-o", object};
        a.inputs = {{source, build::generated{fmt::format(
                                 "template <int N> struct count {{ static constexpr int n = count<N - 1>::n + 1; }};\n"
                                 "template <> struct count<0> {{ static constexpr int n = {}; }};\n"
                                 "int f{}() {{ return count<800>::n; }}\n",
                                 i, i)}}};
        if (tools.tree) a.inputs.push_back(*tools.tree);
        a.outputs = {object};
        objects.push_back(object);
        p.actions.push_back(std::move(a));
    }
    build::action archive{.component = "demo", .label = "archive", .variant = "v"};
    archive.arguments = {tools.ar, "rcsD", "lib.a"};
    for (std::size_t i = 0; i < objects.size(); ++i) {
        archive.arguments.push_back(objects[i]);
        archive.inputs.push_back({objects[i], build::output_of{i, objects[i]}});
    }
    if (tools.tree) archive.inputs.push_back(*tools.tree);
    archive.outputs = {"lib.a"};
    p.results = {{"v/lib.a", build::output_of{p.actions.size(), "lib.a"}},
                 {"v/run.yaml", build::generated{"memory: 16MiB\n"}}};
    p.actions.push_back(std::move(archive));
    return p;
}

struct servers {
    build::shared_cache_options shared;
    build::remote_options away;
    std::string tools;
};

build::toolchain tools_in(const std::string& folder) {
    build::toolchain made{.name = "tools", .version = "1", .architecture = "x86_64"};
    made.c = made.cxx = made.ar = "toolchain/cc";
    made.tree = build::input{"toolchain", build::host_folder{folder, {}}};
    return made;
}

base::result<build::outcome> run(const std::string& home, const std::string& dist, const std::string& mark,
                                 const servers& from) {
    build::store store = TRY(build::store::open(home));
    const build::toolchain tools = from.tools.empty() ? TRY(build::find_toolchain(store)) : tools_in(from.tools);
    const build::plan plan = make_plan(tools, mark);
    const auto warn = [](const base::diagnostic& what) { fmt::print(stderr, "{}", base::render_warning(what, false)); };
    std::unique_ptr<build::shared_cache> cache;
    if (!from.shared.url.empty()) cache = TRY(build::shared_cache::open(store, from.shared, warn));
    std::unique_ptr<build::remote> away;
    if (!from.away.url.empty()) away = TRY(build::remote::open(store, from.away, warn));
    build::outcome done =
        TRY(build::execute(plan, tools, store, {.jobs = 2, .away = away.get(), .shared = cache.get()}));
    CHECK(build::write_results(plan, done, store, dist));
    CHECK(store.flush());
    return done;
}

} // namespace

int main(int count, char** words) {
    if (count < 3) return 2;
    base::catch_interrupts();
    servers from{.shared = {.silence = 2}, .away = {.silence = 2}, .tools = {}};
    if (count == 7) {
        from.away.url = std::string_view{words[5]} == "none" ? "" : words[5];
        from.tools = words[6];
    } else {
        from.shared = {.url = count > 4 ? words[4] : "", .write = count > 5, .silence = 2};
    }
    const auto done = run(words[1], words[2], count > 3 ? words[3] : "MARK", from);
    if (done && count == 7)
        return fmt::print("ran {}, remote {}, fetched {}\n", done->ran, done->remote, done->fetched), 0;
    if (done && count > 4) return fmt::print("ran {}, fetched {}\n", done->ran, done->fetched), 0;
    if (done) return fmt::print("ran {}\n", done->ran), 0;
    fmt::print(stderr, "{}", base::render(done.error(), false));
    return static_cast<int>(done.error().kind());
}
