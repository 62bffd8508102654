#include "build/closure.hpp"

#include <algorithm>
#include <set>

namespace uk::build {

std::vector<member> members_of(const resolver::resolution& answer) {
    std::vector<member> all;
    for (const auto& one : answer.components) all.push_back({one.name, one.entry});
    for (const auto& one : answer.signatures) all.push_back({one.name, one.entry});
    std::ranges::sort(all, {}, &member::name);
    return all;
}

namespace {

struct walk {
    const resolver::resolution& answer;
    std::vector<member> all = members_of(answer);
    std::set<std::string> seen;
    std::vector<member> found;

    // A platform's own headers are for those that require it by name; for everybody else there is its signature.
    void visit(const std::string& name, bool by_name) {
        const auto at = std::ranges::lower_bound(all, name, {}, &member::name);
        if (at == all.end() || at->name != name) return;
        if (at->entry->content.kind == registry::component_kind::platform && !by_name) return;
        if (!seen.insert(name).second) return;
        found.push_back(*at);
        // A signature that an image has once stands for the component that provides it.
        if (const auto provider = answer.image_scope.find(name); provider != answer.image_scope.end())
            visit(provider->second, false);
        visit_all(at->entry->content, true);
    }

    void visit_all(const registry::recipe& recipe, bool by_name) {
        for (const registry::require& one : recipe.requires_) {
            for (const registry::require::choice& choice : one.choices) visit(choice.component.name, by_name);
        }
        for (const registry::dependency& one : recipe.over) visit(one.name, false);
        for (const registry::implementation& one : recipe.implements) visit(one.signature.name, false);
        for (const registry::need& one : recipe.needs) visit(one.signature.name, false);
    }
};

} // namespace

std::vector<member> closure_of(const registry::recipe& recipe, const resolver::resolution& answer) {
    walk w{.answer = answer, .seen = {}, .found = {}};
    w.seen.insert(recipe.name);
    w.visit_all(recipe, true);
    w.visit_all(answer.component(answer.target)->entry->content, false);
    return std::move(w.found);
}

} // namespace uk::build
