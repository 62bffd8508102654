// uk test: builds the application's tests for every variant that runs here and for the simulated one, and runs them.
#include <memory>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "build/tests.hpp"
#include "cli/context.hpp"
#include "cli/session.hpp"
#include "cli/test_runs.hpp"
#include "targets/cable.hpp"
#include "targets/runner.hpp"

namespace uk::cli {

using base::error;
using base::fail;
using base::json;
using base::result;
using base::status;

namespace {

constexpr const char* images = "dist/.tests"; // <test>/<variant>/ below it
constexpr int limit_of_machine = 300;         // seconds; an emulated Xen boots slowly

struct options {
    std::vector<std::string> names, targets;
    std::uint64_t seeds = 100, seed = 0;
    bool one_seed = false, locked = false, offline = false;
    int jobs = 0;
    std::string bundle;
};

// The files of the tests that are asked for.
result<std::vector<std::string>> chosen_files(const build::tests& all, const options& asked) {
    if (asked.names.empty()) return all.files;
    std::vector<std::string> known, chosen;
    for (const std::string& file : all.files) known.push_back(build::test_name(file));
    for (const std::string& name : asked.names) {
        const auto at = std::ranges::find(known, name);
        if (at == known.end())
            return fail(status::usage, {}, "there is no test `{}`{}", name, base::did_you_mean(name, known))
                .hint("there are " + base::join(known, ", "));
        chosen.push_back(all.files[static_cast<std::size_t>(at - known.begin())]);
    }
    return chosen;
}

// What this machine lacks for a runner, and how it comes here; empty if nothing.
std::string missing_for(const std::string& runner, const std::string& architecture) {
    std::vector<std::pair<std::string, std::string>> programs; // with their packages
    if (runner == "qemu" || runner == "xen") programs.emplace_back("qemu-system-" + architecture, "qemu-system-x86");
    if (runner == "xen") programs.insert(programs.end(), {{"cpio", "cpio"}, {"xz", "xz-utils"}, {"apt-get", "apt"}});
    for (const auto& [program, package] : programs) {
        if (!base::find_program(program))
            return fmt::format("there is no `{}`: `sudo apt-get install {}`", program, package);
    }
    return {};
}

std::string why_not(const build::tests& all, const std::string& variant) {
    const auto unresolved = all.unresolved.find(variant);
    if (unresolved != all.unresolved.end()) return unresolved->second.diagnostics().front().message;
    const auto answer = std::ranges::find(all.answers, variant, &resolver::resolution::variant);
    const registry::target_part& target = *answer->component(answer->target)->entry->content.target;
    return missing_for(target.runner, target.architecture);
}

// The variants that are run: those named, else all that can be; with one seed, the simulated ones.
result<std::vector<const resolver::resolution*>> chosen_answers(const context& how, const build::tests& all,
                                                                const options& asked) {
    const auto named = TRY(build::chosen_variants(all.manifest, asked.targets));
    std::vector<const resolver::resolution*> chosen;
    for (const registry::variant* variant : named) {
        const auto answer = std::ranges::find(all.answers, variant->name, &resolver::resolution::variant);
        if (answer != all.answers.end() && asked.one_seed && !build::is_simulated(*answer)) continue;
        const std::string why = why_not(all, variant->name);
        if (why.empty()) {
            chosen.push_back(&*answer);
            continue;
        }
        if (!asked.targets.empty() || (asked.one_seed && answer == all.answers.end())) {
            const auto unresolved = all.unresolved.find(variant->name);
            if (unresolved != all.unresolved.end()) return unresolved->second;
            return fail(status::environment, {}, "the variant `{}` can't run here: {}", variant->name, why);
        }
        how.say(fmt::format("{} is left out: {}", variant->name, why));
    }
    if (chosen.empty())
        return error{status::usage,
                     asked.one_seed ? "a seed is for simulated variants, and none is chosen"
                                    : "no variant can run here",
                     {},
                     ""};
    return chosen;
}

result<targets::run_request> request_of(const std::filesystem::path& folder) {
    const std::filesystem::path description = folder / "run.yaml";
    targets::run_request request;
    request.folder = folder;
    request.how = TRY(targets::read_run_yaml(TRY(base::read_file(description)), description.string()));
    request.tap = targets::needs_tap(request);
    return request;
}

result<std::vector<std::string>> command_of(const context& how, const std::filesystem::path& folder) {
    const targets::run_request request = TRY(request_of(folder));
    if (request.how.runner == "process" && !request.tap) return targets::run_command(request);
    // A machine or a network is looked after by a process of its own.
    std::error_code ignored;
    return std::vector<std::string>{std::filesystem::read_symlink("/proc/self/exe", ignored).string(),
                                    "-C",
                                    how.folder.string(),
                                    "test",
                                    "--bundle",
                                    folder.string()};
}

result<int> run_bundle(const context& how, const std::string& folder) {
    targets::run_request request = TRY(request_of(folder));
    request.cache = TRY(how.home()) / "runners";
    request.data = TRY(how.data_folder());
    return targets::run(request);
}

std::string indented(std::string_view text) {
    std::string all;
    text = base::trim(text);
    if (text.empty()) return all;
    for (const std::string_view line : base::split(text, '\n')) all += fmt::format("    {}\n", line);
    return all;
}

std::string replay_of(const test_case& what, const test_end& end) {
    return what.seeds ? fmt::format("uk test {} --seed {}", what.test, end.seed)
                      : fmt::format("uk test {} -t {}", what.test, what.variant);
}

std::string time_text(std::chrono::milliseconds took) {
    return took.count() < 10'000 ? fmt::format("{}ms", took.count()) : fmt::format("{}s", took.count() / 1000);
}

std::string line_of(const test_case& what, const test_end& end, std::size_t names, std::size_t variants) {
    std::string more;
    if (!end.passed && what.seeds) more = fmt::format("  seed {}, {}", end.seed, end.why);
    else if (!end.passed) more = "  " + end.why;
    else if (what.seeds > 1) more = fmt::format("  {} seeds", what.seeds);
    std::string text = fmt::format("{}  {:<{}}  {:<{}}  {:>6}{}\n", end.passed ? "passed" : "FAILED", what.test, names,
                                   what.variant, variants, time_text(end.took), more);
    if (!end.passed) text += indented(end.output) + "    replay: " + replay_of(what, end) + "\n";
    return text;
}

json json_of(const test_case& what, const test_end& end) {
    json one{
        {"test", what.test}, {"variant", what.variant}, {"passed", end.passed}, {"milliseconds", end.took.count()}};
    if (what.seeds) one["seeds"] = end.runs;
    if (end.passed) return one;
    one["why"] = end.why;
    one["output"] = end.output;
    one["replay"] = replay_of(what, end);
    if (what.seeds) one["seed"] = end.seed;
    return one;
}

result<int> run_all(const context& how, const std::vector<test_case>& cases, int jobs) {
    std::size_t names = 0, variants = 0, failed = 0;
    for (const test_case& one : cases) {
        names = std::max(names, one.test.size());
        variants = std::max(variants, one.variant.size());
    }
    json list = json::array();
    const auto tell = [&](const test_case& what, const test_end& end) {
        if (!end.passed) ++failed;
        if (how.json) list.push_back(json_of(what, end));
        else how.print(line_of(what, end, names, variants));
    };
    TRY(run_tests(cases, jobs > 0 ? static_cast<unsigned>(jobs) : std::thread::hardware_concurrency(), tell));
    if (how.json)
        how.print(json{{"passed", cases.size() - failed}, {"failed", failed}, {"tests", list}}.dump(2) + "\n");
    else how.print(fmt::format("{} passed, {} failed\n", cases.size() - failed, failed));
    return failed ? static_cast<int>(status::failed) : 0;
}

result<int> test(const context& how, const options& asked) {
    if (!asked.bundle.empty()) return run_bundle(how, asked.bundle);
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {.locked = asked.locked, .offline = asked.offline}));
    const build::tests all = TRY(build::find_tests(s.project, s.settled, store, {.offline = asked.offline}));
    const std::vector<std::string> files = TRY(chosen_files(all, asked));
    const auto answers = TRY(chosen_answers(how, all, asked));

    build::plan plan;
    for (const resolver::resolution* answer : answers)
        build::append(plan, TRY(build::plan_tests(s.project, all, s.tools, answer->variant, files)));
    const build::outcome done = TRY(s.execute(plan, asked.jobs, true, all.manifest, all.answers));
    CHECK(build::write_results(plan, done, store, how.folder / images));

    std::vector<test_case> cases;
    for (const std::string& file : files) {
        for (const resolver::resolution* answer : answers) {
            test_case one{.test = build::test_name(file), .variant = answer->variant};
            one.words = TRY(command_of(how, how.folder / images / one.test / one.variant));
            if (build::is_simulated(*answer)) {
                one.first_seed = asked.one_seed ? asked.seed : 1;
                one.seeds = asked.one_seed ? 1 : asked.seeds;
            } else if (answer->component(answer->target)->entry->content.target->family != "hosted") {
                one.limit_seconds = limit_of_machine;
            }
            cases.push_back(std::move(one));
        }
    }
    return run_all(how, cases, asked.jobs);
}

} // namespace

void add_test(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("test", "Build the application's tests and run them here");
    const auto asked = std::make_shared<options>();
    verb->add_option("names", asked->names, "Tests, by the names of their files (none: all of them)")
        ->type_name("NAME");
    verb->add_option("-t,--target", asked->targets,
                     "A variant of uk.yaml, or simulated (none: all that can run here); may be given several times")
        ->type_name("VARIANT")
        ->allow_extra_args(false);
    const auto seeds = verb->add_option("--seeds", asked->seeds, "How many seeds a simulated variant runs with")
                           ->type_name("N")
                           ->check(CLI::Range(1, 1'000'000'000));
    verb->add_option("--seed", asked->seed, "Run simulated variants only, with this one seed")
        ->type_name("S")
        ->excludes(seeds)
        ->each([asked](const std::string&) { asked->one_seed = true; });
    verb->add_option("-j,--jobs", asked->jobs, "Processes at a time (0: one a processor)")
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    verb->add_flag("--locked", asked->locked, "Fail instead of changing uk.lock");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->add_option("--bundle", asked->bundle)->group(""); // for ourselves: run what lies in a folder
    verb->footer(
        "\nEach file of uk.yaml's `tests:` is a program with a `run` of its own.\n\nExamples:\n  uk test       "
        "            every test on every variant, and simulated with 100 seeds\n  uk test sum -t kvm        one "
        "test in a virtual machine\n  uk test sum --seed 17     one simulated run again, exactly");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return test(how, *asked); }; });
}

} // namespace uk::cli
