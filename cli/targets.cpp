// uk targets: what can be built for.
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/context.hpp"
#include "registry/index.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

result<int> list_targets(context& how) {
    const registry::index components = TRY(registry::index::open(TRY(how.data_folder())));
    json all = json::array();
    std::string text;
    for (const std::string& name : components.names()) {
        const registry::entry* entry = TRY(components.find(name, *components.newest(name)));
        const registry::recipe& recipe = entry->content;
        if (recipe.kind != registry::component_kind::target || !recipe.target) continue;
        all.push_back({{"name", name},
                       {"version", recipe.id.text()},
                       {"family", recipe.target->family},
                       {"architecture", recipe.target->architecture},
                       {"machines", recipe.target->machines},
                       {"memory", recipe.target->memory},
                       {"summary", recipe.summary}});
        text += fmt::format("{:<10} {:<10} {:<8} {}\n", name, recipe.target->family, recipe.target->architecture,
                            recipe.summary);
    }
    how.print(how.json ? all.dump(2) + "\n" : text);
    return 0;
}

} // namespace

void add_targets(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("targets", "List what can be built for");
    verb->footer("\nName one under `targets:` in uk.yaml; `uk build --target` takes the names that stand "
                 "there.\n\nExample:\n  uk targets");
    verb->callback([&chosen] { chosen = list_targets; });
}

} // namespace uk::cli
