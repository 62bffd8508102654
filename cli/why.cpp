// uk why: the chain from the manifest to a component, an instance or a signature of the image; or (why_rebuilt.hpp) what made
// an action run again.
#include <memory>

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/session.hpp"
#include "cli/why_rebuilt.hpp"
#include "resolver/resolver.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

result<int> why(context& how, const std::string& subject, const std::vector<std::string>& targets) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {}));
    json all = json::array();
    std::string text;
    if (const registry::entry* tools = s.project.toolchain; tools && tools->content.name == subject) {
        const registry::dependency& wanted = *s.project.manifest.toolchain;
        const std::string name = fmt::format("`{} {}`", subject, tools->content.id.text());
        const std::string chain = fmt::format("`{}` is built with the toolchain `{} {}`   {}", s.project.manifest.name,
                                              wanted.name, wanted.versions.text(), wanted.where.text());
        how.print(
            how.json
                ? json{{{"variant", nullptr}, {"subject", name}, {"chain", {chain}}, {"instead", json::array()}}}.dump(
                      2) +
                      "\n"
                : fmt::format("{}\n  {}\n", name, chain));
        return 0;
    }
    std::optional<base::error> nowhere;
    for (const registry::variant* variant : TRY(build::chosen_variants(s.project.manifest, targets))) {
        const resolver::request request{.manifest = &s.project.manifest,
                                        .components = &s.project.components,
                                        .variant = variant,
                                        .locked = &s.settled.part,
                                        .update = {}};
        const result<resolver::because> because = resolver::why(request, s.settled.answer(variant->name), subject);
        if (!because) {
            if (!nowhere) nowhere = because.error();
            continue;
        }
        all.push_back({{"variant", variant->name},
                       {"subject", because->subject},
                       {"chain", because->chain},
                       {"instead", because->instead}});
        text += fmt::format("{}: {}\n", variant->name, because->subject);
        for (const std::string& line : because->chain) text += fmt::format("  {}\n", line);
        if (!because->instead.empty()) text += "  instead there could have been\n";
        for (const std::string& line : because->instead) text += fmt::format("    {}\n", line);
    }
    if (all.empty() && nowhere) return *std::move(nowhere);
    how.print(how.json ? all.dump(2) + "\n" : text);
    return 0;
}

} // namespace

void add_why(CLI::App& app, verb& chosen) {
    struct options {
        std::string subject, action;
        std::vector<std::string> targets;
    };
    CLI::App* const verb = app.add_subcommand("why", "Say why something is in the image, or was built again");
    const auto asked = std::make_shared<options>();
    CLI::Option* const what =
        verb->add_option("what", asked->subject, "A component, an instance or a signature")->type_name("COMPONENT");
    CLI::Option* const rebuilt = verb->add_option("--rebuilt", asked->action,
                                                  "Say which inputs of this action changed since it ran before; "
                                                  "without one, of all that the last build ran")
                                     ->type_name("ACTION")
                                     ->expected(0, 1)
                                     ->excludes(what);
    verb->add_option("-t,--target", asked->targets, "A variant of uk.yaml (none: all of them)")
        ->type_name("VARIANT")
        ->allow_extra_args(false);
    verb->footer("\nAn action is called as `uk plan` and progress show it, or by a part of that, or by its digest.\n\n"
                 "Examples:\n  uk why musl\n  uk why --rebuilt\n  uk why --rebuilt 'compile main.cpp' -t kvm");
    verb->callback([&chosen, asked, what, rebuilt] {
        if (rebuilt->count() == 0 && what->count() == 0) throw CLI::RequiredError{"what"};
        chosen = [asked, about_actions = rebuilt->count() > 0](context& how) {
            return about_actions ? why_rebuilt(how, asked->action, asked->targets)
                                 : why(how, asked->subject, asked->targets);
        };
    });
}

} // namespace uk::cli
