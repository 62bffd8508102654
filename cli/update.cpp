// uk update: moves components of the lock to their newest versions. uk outdated: says which could be.
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/moves.hpp"
#include "cli/session.hpp"
#include "resolver/resolver.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

result<int> update(context& how, const std::vector<std::string>& names, bool offline) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(
        session::open(how, store, {.offline = offline, .renew = true, .update = names, .update_all = names.empty()}));
    const json moves = moves_between(s.project.locked.value_or(resolver::lock{}), s.settled.lock);
    how.print(how.json ? moves.dump(2) + "\n" : moves_text(moves));
    if (moves.empty()) how.say("nothing moves");
    return 0;
}

result<int> outdated(context& how, bool offline) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {.offline = offline}));
    const build::project now = TRY(project_now(how, store, offline));
    json list = json::array();
    std::string text;
    for (const resolver::resolution& answer : s.settled.answers) {
        const auto variant = std::ranges::find(s.project.manifest.variants, answer.variant, &registry::variant::name);
        for (const resolver::chosen_component& one : answer.components) {
            const registry::yank* yanked = now.components.yanked(one.name, one.id);
            const registry::version newest = now.components.newest(one.name).value_or(one.id); // gone: nothing is newer
            if (newest == one.id) continue;
            // What `uk update` of it alone would bring.
            const auto with = resolver::resolve({.manifest = &s.project.manifest,
                                                 .components = &now.components,
                                                 .variant = &*variant,
                                                 .locked = &s.settled.part,
                                                 .update = {one.name}});
            const resolver::chosen_component* found = with ? with->component(one.name) : nullptr;
            const std::string possible = found ? found->id.text() : "";
            list.push_back({{"variant", answer.variant},
                            {"name", one.name},
                            {"locked", one.id.text()},
                            {"possible", possible},
                            {"newest", newest.text()},
                            {"yanked", yanked ? json(yanked->reason) : json()}});
            text += fmt::format("{}: `{} {}`{}: ", answer.variant, one.name, one.id.text(),
                                yanked ? fmt::format(", yanked ({})", yanked->reason) : "");
            text += found && found->id == newest ? fmt::format("`uk update {}` brings {}\n", one.name, newest.text())
                    : found && found->id != one.id
                        ? fmt::format("`uk update {}` brings {}; there is {}\n", one.name, possible, newest.text())
                        : fmt::format("there is {}, but `uk why-not {}@{}`\n", newest.text(), one.name, newest.text());
        }
    }
    if (const registry::entry* tools = s.project.toolchain) {
        const registry::recipe& one = tools->content;
        const registry::version newest = now.components.newest(one.name).value_or(one.id);
        const bool may = s.project.manifest.toolchain->versions.matches(newest);
        const registry::yank* yanked = now.components.yanked(one.name, one.id);
        if (newest != one.id) {
            list.push_back({{"variant", nullptr},
                            {"name", one.name},
                            {"locked", one.id.text()},
                            {"possible", may ? newest.text() : one.id.text()},
                            {"newest", newest.text()},
                            {"yanked", yanked ? json(yanked->reason) : json()}});
            text += fmt::format("toolchain: `{} {}`: {}\n", one.name, one.id.text(),
                                may ? fmt::format("`uk update {}` brings {}", one.name, newest.text())
                                    : fmt::format("there is {}, and uk.yaml asks for {}", newest.text(),
                                                  s.project.manifest.toolchain->versions.text()));
        }
    }
    how.print(how.json ? list.dump(2) + "\n" : text);
    if (list.empty()) how.say("everything is at its newest version");
    return 0;
}

} // namespace

void add_update(CLI::App& app, verb& chosen) {
    struct options {
        std::vector<std::string> names;
        bool offline = false;
    };
    CLI::App* const verb = app.add_subcommand("update", "Move locked components to newer versions");
    const auto asked = std::make_shared<options>();
    verb->add_option("components", asked->names, "What is to move (nothing: everything)")->type_name("COMPONENT");
    verb->add_flag("--offline", asked->offline, "Fetch nothing");
    verb->footer(
        "\nEverything else stays, as far as it can.\n\nExamples:\n  uk update lwip   lwip, and what must follow\n"
        "  uk update        everything");
    verb->callback(
        [&chosen, asked] { chosen = [asked](context& how) { return update(how, asked->names, asked->offline); }; });
}

void add_outdated(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("outdated", "Say which locked components have newer versions");
    const auto offline = std::make_shared<bool>(false);
    verb->add_flag("--offline", *offline, "Look at the registries as they were fetched before");
    verb->footer("\nExample:\n  uk outdated");
    verb->callback([&chosen, offline] { chosen = [offline](context& how) { return outdated(how, *offline); }; });
}

} // namespace uk::cli
