// uk log: what an action printed when it last ran, from the store.
#include <ctime>
#include <memory>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.hpp"
#include "build/shell.hpp"
#include "cli/action_name.hpp"
#include "cli/context.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::fail;
using base::json;
using base::result;
using base::status;

namespace {

struct options {
    std::string action;
    std::vector<std::string> targets;
};

// What is known of one action's run.
struct record {
    std::string name;                        ///< of the action that was asked for
    std::optional<build::action_log> log;    ///< none: its result came into the store before logs were kept
    std::string command, said;
    bool is_current = true;                  ///< of the very action that a build would run or take from the store now
};

result<std::string> said_by(build::store& store, const build::action_log& log) {
    if (!log.said) return std::string{};
    return store.get(*log.said);
}

json record_json(const record& one) {
    json made{{"name", one.name}, {"command", one.command}, {"said", one.said}, {"current", one.is_current}};
    if (!one.log) return made;
    made["digest"] = one.log->key.hex();
    made["status"] = one.log->status;
    made["began"] = one.log->began;
    made["microseconds"] = one.log->microseconds;
    made["ran_as"] = {{"project", one.log->project}, {"name", one.log->name}};
    return made;
}

std::string record_text(const record& one, const std::string& project) {
    std::string text = fmt::format("{}\n", one.name);
    if (one.log) {
        const auto began = static_cast<std::time_t>(one.log->began);
        text += fmt::format("  ran      {:%Y-%m-%d %H:%M:%S} UTC, {}, status {}\n", fmt::gmtime(began),
                            base::format_duration(one.log->microseconds / 1000 * 1'000'000), one.log->status);
        if (one.log->project != project || one.log->name != one.name)
            text += fmt::format("  for      {}{}\n", one.log->name,
                                one.log->project == project ? "" : " of " + one.log->project);
        if (!one.is_current) text += "  note     of an earlier build: a build would run another action now\n";
        text += fmt::format("  digest   {}\n", one.log->key.hex());
    } else {
        text += "  ran      in an earlier build that kept no log\n";
    }
    text += fmt::format("  command  {}\n", one.command);
    if (one.said.empty()) return text + "  said     nothing\n";
    text += "\n";
    for (const std::string_view line : base::split(base::trim(one.said), '\n')) text += base::printable(line) + "\n";
    return text;
}

// Everything but the digest needs the plan.
result<std::vector<record>> find(const session& s, const options& asked) {
    const build::plan plan = TRY(s.plan_of(asked.targets));
    const build::forecast seen = TRY(build::look_ahead(plan, s.tools, s.store, true));
    std::vector<record> found;
    std::set<base::sha256> told;
    for (const std::size_t index : TRY(find_actions(plan, seen, asked.action))) {
        const build::action& a = plan.actions[index];
        const auto& key = seen.actions[index].key;
        record one{.name = name_of(a), .log = std::nullopt, .command = build::shell_line(a.arguments), .said = {}};
        if (key && !told.insert(key->key).second) continue;
        if (key) one.log = s.store.find_log(key->key.hex());
        const auto kept = key ? s.store.find_action(key->key) : std::nullopt;
        if (!one.log && !kept) {
            one.log = s.store.find_last_log(s.folder().string(), one.name);
            one.is_current = false;
            if (!one.log) continue;
            one.command = one.log->command;
        }
        // A result that was made anew says the same as its log.
        one.said = kept ? kept->standard_error : TRY(said_by(s.store, *one.log));
        found.push_back(std::move(one));
    }
    if (found.empty())
        return fail(status::input, {}, "`{}` hasn't run yet", asked.action)
            .hint("`uk build` runs what isn't in the store");
    return found;
}

result<int> show(context& how, const options& asked) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    std::vector<record> found;
    std::string project;
    if (auto log = is_digest(asked.action) ? store.find_log(asked.action) : std::nullopt) {
        project = log->project;
        const std::string said = TRY(said_by(store, *log));
        found.push_back({.name = log->name, .log = log, .command = log->command, .said = said});
    } else if (is_digest(asked.action) && !std::filesystem::exists(how.folder / "uk.yaml")) {
        return fail(status::input, {}, "the store has no log of one action `{}`", asked.action);
    } else {
        const session s = TRY(session::open(how, store, {}));
        project = s.folder().string();
        found = TRY(find(s, asked));
    }
    json all = json::array();
    std::string text;
    for (const record& one : found) {
        all.push_back(record_json(one));
        text += (text.empty() ? "" : "\n") + record_text(one, project);
    }
    how.print(how.json ? all.dump(2, ' ', false, json::error_handler_t::replace) + "\n" : text);
    return 0;
}

} // namespace

void add_log(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("log", "Show what an action printed when it ran");
    const auto asked = std::make_shared<options>();
    verb->add_option("action", asked->action, "Its digest, or a part of its name as `uk plan` and progress show it")
        ->required()
        ->type_name("ACTION");
    verb->add_option("-t,--target", asked->targets, "Only of this variant of uk.yaml")
        ->type_name("VARIANT")
        ->allow_extra_args(false);
    verb->footer(
        "\nAlso of one whose result came from the store, and of one that failed. Standard output and standard error "
        "stand together, as they came.\n\nExample:\n  uk log 'compile main.cpp' -t kvm");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return show(how, *asked); }; });
}

} // namespace uk::cli
