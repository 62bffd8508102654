#include "resolver/resolver.hpp"

#include <set>

#include <fmt/format.h>

#include "base/process.hpp"
#include "base/text.hpp"
#include "resolver/assemble.hpp"
#include "resolver/explain.hpp"
#include "resolver/from_recipes.hpp"
#include "resolver/print.hpp"
#include "resolver/solve.hpp"

namespace uk::resolver {

using base::result;

namespace {

result<choices> choices_of(const world& w, const facts::answer& a) {
    choices chosen;
    for (const auto& one : a.components) {
        chosen.components[one.name] = TRY(w.components.find(one.name, one.id));
        chosen.options[one.name] = one.options;
    }
    for (const auto& one : a.signatures) chosen.signatures[one.name] = TRY(w.components.find(one.name, one.id));
    for (const auto& one : a.wiring) chosen.wiring[one.hole] = one.instance.empty() ? one.component : one.instance;
    for (const auto& one : a.alternatives) chosen.alternatives[alternative_as_written(w.manifest, one.at)] = one.chosen;
    return chosen;
}

// Other targets that have an answer to the same variant; devices of the target that it names may be missing there.
std::vector<std::string> other_targets(const request& what) {
    std::vector<std::string> found;
    for (const std::string& name : what.components->names()) {
        const auto entry = what.components->find(name, *what.components->newest(name));
        if (!entry || (*entry)->content.kind != registry::component_kind::target || name == what.variant->target)
            continue;
        registry::variant variant = *what.variant;
        variant.target = name;
        const request other{.manifest = what.manifest, .components = what.components, .variant = &variant};
        const auto w = world::make(other);
        if (!w) continue;
        recipe_facts known;
        known.add(*w);
        if (facts::find(facts::index{known.all}, known.all.requests.front(), {.conflicts = 2000}))
            found.push_back(name);
    }
    return found;
}

base::error explained(const request& what, const world& w, const recipe_facts& known, const facts::index& index,
                      const facts::answer& none) {
    base::error e = facts::explain(index, known.all.requests.front(), none,
                                   {.asker = w.manifest.name, .names = w.components.names(), .most = 40});
    std::set<std::pair<base::place, std::string>> said;
    for (const base::diagnostic& one : known.unreadable)
        if (said.emplace(one.where, one.message).second) e.add({"not read", one.message, one.where});
    const auto targets = other_targets(what);
    if (!targets.empty())
        e.add({"but",
               fmt::format("for {} `{}` there is an answer", targets.size() == 1 ? "the target" : "the targets",
                           fmt::join(targets, "`, `")),
               {}});
    const auto registries = w.components.registries();
    e.add({"looked in",
           fmt::format("{} `{}`", registries.size() == 1 ? "registry" : "registries", base::join(registries, "`, `")),
           {}});
    return e;
}

} // namespace

result<resolution> resolve(const request& what) {
    const world w = TRY(world::make(what));
    recipe_facts known;
    known.add(w);
    const facts::index index{known.all};
    const base::at_once nothing_is_half_done;
    auto answer = facts::solve(index, known.all.requests.front());
    if (answer && answer->solved) return assemble(w, TRY(choices_of(w, *answer)));
    base::error e = answer ? explained(what, w, known, index, *answer) : answer.error();
    e.add_context(fmt::format("resolving the variant `{}`", w.variant.name));
    return e;
}

result<std::string> universe_text(const std::vector<request>& all) {
    recipe_facts known;
    for (const request& one : all) {
        const world w = TRY(world::make(one));
        known.add(w);
    }
    return facts::print_universe(known.all);
}

} // namespace uk::resolver
