// uk verify: every action once more, in varied surroundings: are its outputs the same bytes?
#include <chrono>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "base/text.hpp"
#include "build/verify.hpp"
#include "cli/action_name.hpp"
#include "cli/context.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

struct options {
    std::vector<std::string> targets;
    std::string action;
    int jobs = 0;
    bool locked = false, offline = false;
};

std::vector<std::string> reasons(const build::difference& one) {
    std::vector<std::string> all;
    if (one.by_addresses) return {"addresses in memory: it differs with nothing varied, but not where they are fixed"};
    if (one.by_chance) return {"the clock or chance: it differs with nothing varied"};
    for (const build::variation each : one.because) all.push_back(describe(each));
    return all;
}

json difference_json(const build::action& a, const build::difference& one) {
    json because = json::array();
    for (const build::variation each : one.because) because.push_back(name_of(each));
    if (one.by_addresses) because.push_back("addresses");
    else if (one.by_chance) because.push_back("clock-or-chance");
    json made{{"variant", a.variant}, {"component", a.component}, {"label", a.label}, {"because", because}};
    if (one.output.empty()) made["failed"] = one.said;
    else made["output"] = one.output;
    if (one.offset) made["offset"] = *one.offset;
    return made;
}

std::string difference_text(const build::action& a, const build::difference& one) {
    std::string text = name_of(a) + "\n";
    if (one.output.empty()) text += "  fails    when surroundings are varied\n";
    else if (one.offset) text += fmt::format("  output   {}, from byte {}\n", one.output, *one.offset);
    else text += fmt::format("  output   {} isn't there, or isn't executable, in one of both\n", one.output);
    std::string_view label = "because";
    for (const std::string& reason : reasons(one)) {
        text += fmt::format("  {:<8} {}\n", label, reason);
        label = "and";
    }
    if (label == "because") text += "  because  no variation alone makes a difference\n";
    if (one.offset)
        text += fmt::format("  was      {}\n  varied   {}\n", base::printable(one.was), base::printable(one.varied));
    for (const std::string_view line : base::split(base::trim(one.said), '\n')) {
        if (!line.empty()) text += fmt::format("  said     {}\n", base::printable(line));
    }
    return text;
}

result<int> run(context& how, const options& asked) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {.locked = asked.locked, .offline = asked.offline}));
    const build::plan plan = TRY(s.plan_of(asked.targets));
    const build::outcome reference = TRY(s.execute(plan, asked.jobs, true));
    // So that a second on the clock shows.
    if (reference.ran > 0) std::this_thread::sleep_for(std::chrono::milliseconds{1100});
    build::verify_options options{.jobs = asked.jobs};
    if (!asked.action.empty()) {
        const build::forecast seen = TRY(build::look_ahead(plan, s.tools, store, true));
        options.only = TRY(find_actions(plan, seen, asked.action));
    }
    progress shown{how};
    options.tell = [&](const build::action& next, std::size_t done, std::size_t total) {
        shown.tell(next, done, total);
    };
    const build::verification done = TRY(build::verify(plan, reference, s.tools, store, options));
    shown.clear();

    json varied = json::array(), differences = json::array();
    std::vector<std::string> names;
    for (const build::variation one : done.varied) varied.push_back(names.emplace_back(name_of(one)));
    std::string text;
    for (const build::difference& one : done.differences) {
        differences.push_back(difference_json(plan.actions[one.action], one));
        text += difference_text(plan.actions[one.action], one);
    }
    text += done.differences.empty()
                ? fmt::format("{} actions made the same bytes again\n", done.checked)
                : fmt::format("{} of {} actions made other bytes\n", done.differences.size(), done.checked);
    text += fmt::format("varied: {}\n", base::join(names, ", "));
    how.print(how.json ? json{{"checked", done.checked}, {"varied", varied}, {"differences", differences}}.dump(
                             2, ' ', false, json::error_handler_t::replace) +
                             "\n"
                       : text);
    return done.differences.empty() ? 0 : static_cast<int>(base::status::failed);
}

} // namespace

void add_verify(CLI::App& app, verb& chosen) {
    CLI::App* const verb =
        app.add_subcommand("verify", "Run every action again in varied surroundings, and compare its outputs");
    const auto asked = std::make_shared<options>();
    verb->add_option("-t,--target,variant", asked->targets, "A variant of uk.yaml (none: all of them)")
        ->type_name("VARIANT");
    verb->add_option("-a,--action", asked->action, "Only this one: a digest, or a part of its name")
        ->type_name("ACTION");
    verb->add_option("-j,--jobs", asked->jobs, "Actions at a time (0: one a processor)")
        ->type_name("N")
        ->check(CLI::Range(0, 1024));
    verb->add_flag("--locked", asked->locked, "Fail instead of changing uk.lock");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->footer(
        "\nStatus 1 if an output differs: the first such action is named first, with the first byte and what makes it "
        "differ.\nWhat is built already is compared with; the rest is built before. Nothing in the store or in dist/ "
        "changes.\n\nExamples:\n  uk verify kvm\n  uk verify --action 'run sed'");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return run(how, *asked); }; });
}

} // namespace uk::cli
