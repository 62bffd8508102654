// Executes one fixed plan: `build_driver HOME DIST [MARK [URL [read-write]]]`. MARK appears in every command line, so that
// orphans can be found. URL: a shared cache, given up after two seconds of silence.
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "base/process.hpp"
#include "build/engine.hpp"
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
    archive.outputs = {"lib.a"};
    p.results = {{"v/lib.a", build::output_of{p.actions.size(), "lib.a"}},
                 {"v/run.yaml", build::generated{"memory: 16MiB\n"}}};
    p.actions.push_back(std::move(archive));
    return p;
}

base::result<build::outcome> run(const std::string& home, const std::string& dist, const std::string& mark,
                                 const build::shared_cache_options& shared) {
    build::store store = TRY(build::store::open(home));
    const build::toolchain tools = TRY(build::find_toolchain(store));
    const build::plan plan = make_plan(tools, mark);
    std::unique_ptr<build::shared_cache> cache;
    if (!shared.url.empty()) {
        cache = TRY(build::shared_cache::open(store, shared, [](const base::diagnostic& what) {
            fmt::print(stderr, "{}", base::render_warning(what, false));
        }));
    }
    build::outcome done = TRY(build::execute(plan, tools, store, {.jobs = 2, .shared = cache.get()}));
    CHECK(build::write_results(plan, done, store, dist));
    CHECK(store.flush());
    return done;
}

} // namespace

int main(int count, char** words) {
    if (count < 3) return 2;
    base::catch_interrupts();
    const build::shared_cache_options shared{.url = count > 4 ? words[4] : "", .write = count > 5, .silence = 2};
    const auto done = run(words[1], words[2], count > 3 ? words[3] : "MARK", shared);
    if (done && count > 4) return fmt::print("ran {}, fetched {}\n", done->ran, done->fetched), 0;
    if (done) return fmt::print("ran {}\n", done->ran), 0;
    fmt::print(stderr, "{}", base::render(done.error(), false));
    return static_cast<int>(done.error().kind());
}
