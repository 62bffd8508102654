// Executes one fixed plan: `build_driver HOME DIST [MARK]`. MARK appears in every command line, so that orphans can be found.
#include <cstdio>

#include <fmt/format.h>

#include "base/process.hpp"
#include "build/engine.hpp"

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

base::result<std::size_t> run(const std::string& home, const std::string& dist, const std::string& mark) {
    build::store store = TRY(build::store::open(home));
    const build::toolchain tools = TRY(build::find_toolchain(store));
    const build::plan plan = make_plan(tools, mark);
    const build::outcome done = TRY(build::execute(plan, tools, store, {.jobs = 2}));
    CHECK(build::write_results(plan, done, store, dist));
    CHECK(store.flush());
    return done.ran;
}

} // namespace

int main(int count, char** words) {
    if (count < 3) return 2;
    base::catch_interrupts();
    const auto ran = run(words[1], words[2], count > 3 ? words[3] : "MARK");
    if (ran) return fmt::print("ran {}\n", *ran), 0;
    fmt::print(stderr, "{}", base::render(ran.error(), false));
    return static_cast<int>(ran.error().kind());
}
