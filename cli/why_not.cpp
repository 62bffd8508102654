// uk why-not: why the image doesn't have a component, or has it in another version.
#include <memory>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/moves.hpp"
#include "cli/session.hpp"
#include "resolver/resolver.hpp"

namespace uk::cli {

using base::json;
using base::result;
using base::status;

namespace {

// What is asked: `lwip` or `lwip@2.2`.
result<registry::dependency> read_subject(const std::string& text) {
    const auto at = text.find('@');
    registry::dependency one{.name = text.substr(0, at), .versions = {}, .where = {"the command line", 0, 0}};
    if (at == std::string::npos) return one;
    const std::string version = text.substr(at + 1);
    const bool is_requirement = version.find_first_of("^~<>=*") != std::string::npos;
    one.versions = TRY(registry::parse_requirement(is_requirement ? version : "=" + version, {}));
    return one;
}

std::map<std::string, std::string> versions_of(const resolver::resolution& answer) {
    std::map<std::string, std::string> versions;
    for (const auto& one : answer.components) versions[one.name] = one.id.text();
    return versions;
}

// How an answer with it differs from the one without.
std::string differences(const resolver::resolution& before, const resolver::resolution& after) {
    std::vector<std::string> all;
    for (const move& one : moves_between(versions_of(before), versions_of(after)))
        all.push_back(in_words(one, "moves from"));
    return base::join(all, ", ");
}

result<int> why_not(context& how, const std::string& subject, const std::vector<std::string>& targets, bool offline) {
    const registry::dependency wanted = TRY(read_subject(subject));
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {.offline = offline}));
    const build::project now = TRY(project_now(how, store, offline));
    CHECK(now.components.known_versions(wanted.name));
    const registry::recipe manifest = requiring(s.project.manifest, wanted);
    json all = json::array();
    std::string text;
    for (const registry::variant* variant : TRY(build::chosen_variants(s.project.manifest, targets))) {
        const resolver::resolution& answer = s.settled.answer(variant->name);
        const resolver::chosen_component* here = answer.component(wanted.name);
        json one{{"variant", variant->name}, {"subject", subject}};
        if (here && wanted.versions.matches(here->id)) {
            one["is"] = "there";
            one["text"] = fmt::format("`{} {}` is in the image: `uk why {}`", here->name, here->id.text(), here->name);
        } else {
            const auto with = resolver::resolve({.manifest = &manifest,
                                                 .components = &now.components,
                                                 .variant = variant,
                                                 .locked = &s.settled.part,
                                                 .update = {}});
            if (!with && with.error().kind() != status::unsolvable) return with.error();
            one["is"] = with ? "possible" : "impossible";
            const std::string instead = here ? fmt::format("`{} {}` is there instead", here->name, here->id.text())
                                             : std::string{"nothing asks for it"};
            one["text"] = with ? fmt::format("{}; if uk.yaml required it, {}", instead, differences(answer, *with))
                               : base::render(with.error(), false);
        }
        text += fmt::format("{}: {}{}", variant->name, one["text"].get<std::string>(),
                            one["is"] == "impossible" ? "" : "\n");
        all.push_back(std::move(one));
    }
    how.print(how.json ? all.dump(2) + "\n" : text);
    return 0;
}

} // namespace

void add_why_not(CLI::App& app, verb& chosen) {
    struct options {
        std::string subject;
        std::vector<std::string> targets;
        bool offline = false;
    };
    CLI::App* const verb = app.add_subcommand("why-not", "Say why something isn't in the image");
    const auto asked = std::make_shared<options>();
    verb->add_option("what", asked->subject, "A component, and perhaps its version")
        ->required()
        ->type_name("COMPONENT[@VERSION]");
    verb->add_option("-t,--target", asked->targets, "A variant of uk.yaml (none: all of them)")->type_name("VARIANT");
    verb->add_flag("--offline", asked->offline, "Look at the registries as they were fetched before");
    verb->footer("\nExample:\n  uk why-not lwip@2.2");
    verb->callback([&chosen, asked] {
        chosen = [asked](context& how) { return why_not(how, asked->subject, asked->targets, asked->offline); };
    });
}

} // namespace uk::cli
