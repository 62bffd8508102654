// uk why: the chain from the manifest to a component, an instance or a signature of the image.
#include <memory>

#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/session.hpp"
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
        std::string subject;
        std::vector<std::string> targets;
    };
    CLI::App* const verb = app.add_subcommand("why", "Say why something is in the image");
    const auto asked = std::make_shared<options>();
    verb->add_option("what", asked->subject, "A component, an instance or a signature")
        ->required()
        ->type_name("COMPONENT");
    verb->add_option("-t,--target", asked->targets, "A variant of uk.yaml (none: all of them)")->type_name("VARIANT");
    verb->footer("\nExample:\n  uk why musl");
    verb->callback(
        [&chosen, asked] { chosen = [asked](context& how) { return why(how, asked->subject, asked->targets); }; });
}

} // namespace uk::cli
