// uk plan: what a build would run, and why not the rest; nothing is run.
#include <memory>

#include <fmt/format.h>

#include "build/shell.hpp"
#include "cli/action_name.hpp"
#include "cli/context.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

constexpr std::size_t listed = 20; // by text; --json has all
constexpr const char* words[] = {"cached", "runs", "may run"};

struct options {
    std::vector<std::string> targets;
    std::string action;
    bool locked = false, offline = false;
};

const char* word_of(const build::foreseen& one) { return words[static_cast<int>(one.kind)]; }

json from_json(const build::input& in) {
    if (const auto* other = std::get_if<build::output_of>(&in.from))
        return {{"action", other->action}, {"output", other->path}};
    if (const auto* file = std::get_if<build::host_file>(&in.from)) return {{"file", file->file.string()}};
    if (const auto* folder = std::get_if<build::host_folder>(&in.from)) {
        json from{{"folder", folder->folder.string()}};
        if (folder->only) from["only"] = *folder->only;
        return from;
    }
    return {{"generated", std::get<build::generated>(in.from).content}};
}

json action_json(const build::plan& plan, const build::forecast& seen, std::size_t index) {
    const build::action& a = plan.actions[index];
    const build::foreseen& one = seen.actions[index];
    json inputs = json::array();
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        json in{{"path", a.inputs[i].path}, {"from", from_json(a.inputs[i])}, {"executable", a.inputs[i].executable}};
        if (one.key) in["digest"] = one.key->inputs[i].hash.hex();
        inputs.push_back(std::move(in));
    }
    return {{"index", index},
            {"variant", a.variant},
            {"component", a.component},
            {"label", a.label},
            {"state", word_of(one)},
            {"digest", one.key ? json(one.key->key.hex()) : json()},
            {"same_as", one.same_as ? json(*one.same_as) : json()},
            {"arguments", a.arguments},
            {"environment", build::environment_of(a)},
            {"inputs", inputs},
            {"outputs", a.outputs},
            {"output_folders", a.output_folders}};
}

// One action, whole.
std::string action_text(const build::plan& plan, const build::forecast& seen, std::size_t index) {
    const build::action& a = plan.actions[index];
    const build::foreseen& one = seen.actions[index];
    std::string text = fmt::format(
        "{}\n  state    {}{}\n  digest   {}\n  command  {}\n", build::name_of(a), word_of(one),
        one.same_as ? ", as " + build::name_of(plan.actions[*one.same_as]) : "",
        one.key ? one.key->key.hex() : "depends on outputs that aren't there yet", build::shell_line(a.arguments));
    text += "environment\n";
    for (const auto& [name, value] : build::environment_of(a))
        text += fmt::format("  {}\n", build::shell_line({name + "=" + value}));
    text += "inputs\n";
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        const build::input& in = a.inputs[i];
        std::string from = "generated";
        if (const auto* other = std::get_if<build::output_of>(&in.from))
            from = build::name_of(plan.actions[other->action]);
        else if (const auto* file = std::get_if<build::host_file>(&in.from)) from = file->file.string();
        else if (const auto* folder = std::get_if<build::host_folder>(&in.from)) from = folder->folder.string() + "/";
        const auto add = [&](const std::string& hash, const std::string& path, const std::string& where) {
            text += fmt::format("  {:<12.12}  {}  ({})\n", hash, path, where);
        };
        const auto* folder = std::get_if<build::host_folder>(&in.from);
        if (folder == nullptr || !folder->only) {
            add(one.key ? one.key->inputs[i].hash.hex() : "-", in.path, from);
        } else if (one.key) {
            for (const build::folder_entry& file : *one.key->folders.at(i))
                add(file.content.hash.hex(), in.path + "/" + file.path, folder->folder / file.path);
        } else {
            for (const std::string& path : *folder->only) add("-", in.path + "/" + path, folder->folder / path);
        }
    }
    text += "outputs\n";
    for (const std::string& path : a.outputs) text += fmt::format("  {}\n", path);
    for (const std::string& path : a.output_folders) text += fmt::format("  {}/\n", path);
    return text;
}

std::string plan_text(const build::plan& plan, const build::forecast& seen) {
    if (seen.order.empty()) return fmt::format("nothing would run: all {} actions are cached\n", plan.actions.size());
    std::size_t runs = 0;
    for (const std::size_t index : seen.order) runs += seen.actions[index].kind == build::foreseen::type::runs;
    std::string text =
        fmt::format("of {} actions {} would run, and {} that read their outputs may; the longest chain is {}\n",
                    plan.actions.size(), runs, seen.order.size() - runs, seen.longest.size());
    for (std::size_t i = 0; i < seen.order.size(); ++i) {
        if (i == listed)
            return text + fmt::format("and {} more, which `uk plan --json` lists\n", seen.order.size() - i);
        const build::foreseen& one = seen.actions[seen.order[i]];
        text += fmt::format("{:<7}  {:<12.12}  {}\n", word_of(one), one.key ? one.key->key.hex() : "-",
                            build::name_of(plan.actions[seen.order[i]]));
    }
    return text;
}

result<int> show(context& how, const options& asked) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {.locked = asked.locked, .offline = asked.offline}));
    const build::plan plan = TRY(s.plan_of(asked.targets));
    const build::forecast seen = TRY(build::look_ahead(plan, s.tools, store, true));
    if (!asked.action.empty()) {
        json all = json::array();
        std::string text;
        for (const std::size_t index : TRY(find_actions(plan, seen, asked.action))) {
            all.push_back(action_json(plan, seen, index));
            text += (text.empty() ? "" : "\n") + action_text(plan, seen, index);
        }
        how.print(how.json ? all.dump(2) + "\n" : text);
        return 0;
    }
    if (!how.json) return how.print(plan_text(plan, seen)), 0;
    json actions = json::array();
    for (std::size_t i = 0; i < plan.actions.size(); ++i) actions.push_back(action_json(plan, seen, i));
    how.print(json{{"actions", actions}, {"order", seen.order}, {"longest", seen.longest}}.dump(2) + "\n");
    return 0;
}

} // namespace

void add_plan(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("plan", "Say what `uk build` would run, and run nothing");
    const auto asked = std::make_shared<options>();
    verb->add_option("-t,--target,variant", asked->targets, "A variant of uk.yaml (none: all of them)")
        ->type_name("VARIANT");
    verb->add_option("-a,--action", asked->action,
                     "Show this one: its command, environment, inputs and outputs. A digest, or a part of its name")
        ->type_name("ACTION");
    verb->add_flag("--locked", asked->locked, "Fail instead of changing uk.lock");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->footer(
        "\nWhat is cached is in the store already. An action that reads outputs of one that runs has no digest yet.\n\n"
        "Examples:\n  uk plan kvm\n  uk plan --action 'compile main.cpp'");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return show(how, *asked); }; });
}

} // namespace uk::cli
