// Holes: who could fill one, in the order of preference, and what rules a candidate out.
#include "resolver/search.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace uk::resolver {

using base::error;
using base::fail;
using base::note;
using base::status;
using registry::recipe;

// Instances (or, for image scope, components) that may fill a hole, the preferred first.
std::vector<std::string> search::candidates_for(const search_state& s, const std::string& hole,
                                                const registry::dependency& wanted, bool image_scope,
                                                std::vector<note>& why_not) const {
    const std::string& signature = wanted.name;
    const auto only = world_.uses.find(hole);
    std::vector<std::string> names;
    if (only != world_.uses.end()) {
        names.push_back(only->second.filler);
    } else {
        if (const auto all = world_.components.implementers(signature)) names = *all;
        else if (!world_.problem) world_.problem = all.error();
        if (!image_scope) {
            for (const auto& [name, instance] : world_.instances) {
                if (std::ranges::find(names, instance.component) != names.end() &&
                    std::ranges::find(names, name) == names.end())
                    names.push_back(name);
            }
        }
    }
    std::vector<std::tuple<bool, std::size_t, std::string>> ordered;
    for (const std::string& name : names) {
        const auto instance = world_.instance(name);
        if (!instance) continue;
        // Is there a version at all that could do it?
        std::string reason = "no version of it is left";
        base::place where;
        bool possible = false;
        for (const registry::version& id : world_.components.versions(instance->component)) {
            const registry::entry* entry = world_.find(instance->component, id);
            if (!entry || possible) continue;
            const registry::implementation* by = provides(s, entry->content, signature, wanted.versions);
            if (!by || !wanted.versions.matches(by->provides)) {
                reason = by ? fmt::format("it implements `{} {}`", signature, by->provides.text_short())
                            : fmt::format("it doesn't implement `{}`", signature);
                where = by ? by->where : entry->content.where;
                continue;
            }
            if (const auto at = s.chosen.find(instance->component); at != s.chosen.end() && at->second != entry)
                continue;
            if (!fits(s, *entry, &reason, &where)) continue;
            // A default instance has nobody who could give it what it must be told.
            possible = true;
            for (const registry::declaration& setting : entry->content.settings) {
                if (setting.fallback || setting.optional) continue;
                const bool given =
                    std::ranges::any_of(instance->with, [&](const auto& value) { return value.name == setting.name; });
                if (!given) {
                    reason = fmt::format("it has to be told its `{}`: say `use: {}, with: {{{}: …}}`", setting.name,
                                         instance->component, setting.name);
                    possible = false;
                }
            }
        }
        if (!possible) {
            why_not.push_back({"looked at", fmt::format("`{}`: {}", name, reason), where});
            continue;
        }
        const bool reached = image_scope ? s.parents.contains(name)
                                         : std::ranges::find(s.instances, name) != s.instances.end() || instance->named;
        std::size_t preferred = 0;
        const auto& prefers = world_.target->content.target->prefers;
        while (preferred < prefers.size() &&
               !(prefers[preferred].first.name == signature && prefers[preferred].second == name))
            ++preferred;
        ordered.emplace_back(!reached, preferred, name);
    }
    std::ranges::sort(ordered);
    std::vector<std::string> result;
    for (auto& [reached, preferred, name] : ordered) result.push_back(name);
    return result;
}

bool search::reaches(const search_state& s, const std::string& from, const std::string& to,
                     std::vector<std::string>& path) const {
    path.push_back(from);
    if (from == to) return true;
    if (const auto at = s.holes.find(from); at != s.holes.end()) {
        for (const auto& [label, next] : at->second) {
            if (!next.empty() && reaches(s, next, to, path)) return true;
        }
    }
    path.pop_back();
    return false;
}

bool search::decide_need(search_state& s, const std::string& owner, std::size_t index) {
    const auto instance = owner.empty() ? std::nullopt : world_.instance(owner);
    const recipe& content = owner.empty() ? world_.manifest : s.chosen.at(instance->component)->content;
    const registry::need& need = content.needs[index];
    const std::string hole = owner.empty() ? need.label : owner + "/" + need.label;
    if (!holds(s, need.when, owner.empty() ? "" : instance->component)) return true;
    const asker by = asker_of(s, owner, need.where);
    const std::string& signature = need.signature.name;

    std::string preset;
    if (instance) {
        if (const auto at = instance->needs.find(need.label); at != instance->needs.end()) preset = at->second;
    }
    const registry::entry* known = world_.signature(signature);
    if (!known) {
        return dead_end(s, fail(status::unsolvable, need.signature.where, "there is no signature `{}`{}", signature,
                                base::did_you_mean(signature, world_.components.names()))
                               .add({"needed by", fmt::format("{}, as `{}`", by.who, need.label), need.where}));
    }
    if (need.optional && preset.empty() && !world_.uses.contains(hole)) {
        s.wiring[hole] = "";
        if (!owner.empty()) s.holes[owner].emplace_back(need.label, "");
        return true;
    }
    std::vector<note> reasons;
    std::vector<std::string> names;
    if (preset.empty()) names = candidates_for(s, hole, need.signature, false, reasons);
    else if (world_.instance(preset)) names.push_back(preset);

    // The manifest's labels: those that are the same share, others of one signature don't.
    const auto same = [&](const std::string& a, const std::string& b) {
        const auto root = [&](std::string label) {
            for (std::size_t i = 0; i <= world_.same.size(); ++i) {
                const auto at = world_.same.find(label);
                if (at == world_.same.end()) break;
                label = at->second;
            }
            return label;
        };
        return root(a) == root(b);
    };
    std::vector<apply> candidates;
    const auto not_this = [&](const std::string& name, std::string reason, base::place where = {}) {
        reasons.push_back({"looked at", fmt::format("`{}`: {}", name, reason), std::move(where)});
    };
    for (const std::string& name : names) {
        const auto filler = world_.instance(name);
        if (const auto locked = soft_.wiring.find(hole); locked != soft_.wiring.end() && locked->second != name) {
            not_this(name, "the lock has another");
            continue;
        }
        bool refused = false;
        if (owner.empty()) {
            for (const registry::need& other : world_.manifest.needs) {
                const auto at = s.wiring.find(other.label);
                if (other.label == need.label || at == s.wiring.end() || at->second.empty()) continue;
                const bool shares = at->second == name, together = same(other.label, need.label);
                if (together && !shares)
                    not_this(name, fmt::format("`{}` is to be the same as `{}`, which `{}` fills", need.label,
                                               other.label, at->second)),
                        refused = true;
                else if (!together && shares && other.signature.name == signature)
                    not_this(name,
                             fmt::format("it fills `{}` already, and the two would share it silently", other.label),
                             other.where),
                        refused = true;
                if (refused) break;
            }
        }
        if (const auto other = s.exclusive.find({name, signature}); !refused && other != s.exclusive.end()) {
            not_this(name, fmt::format("`{}` is exclusive, and it fills `{}` already", signature, other->second));
            refused = true;
        }
        if (!refused && std::ranges::find(s.instances, name) == s.instances.end()) {
            for (const std::string& other : s.instances) {
                const auto one = world_.instance(other);
                if (one->component != filler->component) continue;
                const auto at = s.chosen.find(filler->component);
                if (at != s.chosen.end() && at->second->content.singleton)
                    not_this(name,
                             fmt::format("`{}` can be there once only, and is, as `{}`", filler->component, other),
                             at->second->content.where),
                        refused = true;
                if (refused) break;
            }
        }
        if (std::vector<std::string> path; !refused && !owner.empty() && reaches(s, name, owner, path)) {
            path.insert(path.begin(), owner);
            not_this(name, fmt::format("the wiring would be a cycle: {}", base::join(path, " → ")));
            refused = true;
        }
        if (refused) continue;
        candidates.push_back([this, name, hole, owner, &need, by, component = filler->component,
                              exclusive = known->content.signature->exclusive](search_state& t) {
            t.wiring[hole] = name;
            if (exclusive) t.exclusive[{name, need.signature.name}] = hole;
            if (!owner.empty()) t.holes[owner].emplace_back(need.label, name);
            t.signatures[need.signature.name].push_back({need.signature.versions, "", by});
            if (std::ranges::find(t.instances, name) == t.instances.end()) {
                t.instances.push_back(name);
                t.later.push_back({step::type::instance, name});
                t.parents.try_emplace(component, std::pair{owner, by});
                t.instance_parents.try_emplace(name, std::pair{owner, by});
            }
            return want(t, component, {need.signature.versions, need.signature.name, by}, owner);
        });
    }
    if (candidates.empty()) {
        error e = fail(status::unsolvable, need.where, "nothing fills `{}` of {}: `{} {}` on target `{}`", need.label,
                       by.who, signature, need.signature.versions.text(), world_.target->content.name);
        e.add({"needed by", by.who, need.where});
        if (const auto use = world_.uses.find(hole); use != world_.uses.end())
            e.add({"to be filled by", fmt::format("`{}`", use->second.filler), use->second.where});
        for (note& reason : reasons) e.add(std::move(reason));
        e.add({"looked in", fmt::format("registry `{}`", world_.components.name()), {}});
        if (reasons.empty()) e.hint(fmt::format("no component there implements `{}`", signature));
        else if (owner.empty())
            e.hint(fmt::format("name what is to fill it: `{}: {{signature: {} {}, use: …}}`", need.label, signature,
                               need.signature.versions.text()));
        else e.hint(fmt::format("name what is to fill it in a variant of uk.yaml: `use: {{{}: …}}`", hole));
        return dead_end(s, std::move(e));
    }
    return choose(s, candidates);
}

bool search::decide_instance(search_state& s, const std::string& name) {
    const auto instance = world_.instance(name);
    if (!s.chosen.contains(instance->component)) {
        // First its component, then itself again.
        s.now.push_front({step::type::instance, name});
        s.now.push_front({step::type::component, instance->component});
        return true;
    }
    const recipe& content = s.chosen.at(instance->component)->content;
    std::vector<step> steps;
    for (std::size_t i = 0; i < content.needs.size(); ++i) steps.push_back({step::type::need, name, i});
    s.now.insert(s.now.begin(), steps.begin(), steps.end());
    if (content.singleton) {
        for (const std::string& other : s.instances) {
            if (other != name && world_.instance(other)->component == instance->component) {
                error e = fail(status::unsolvable, content.where,
                               "`{}` can be in an image once only, and would be there as `{}` and `{}`",
                               instance->component, other, name);
                for (const std::string& one : {other, name}) {
                    const auto& by = s.instance_parents.at(one).second;
                    e.add({"needed by", fmt::format("{}, as `{}`", by.who, one), by.where});
                }
                return dead_end(
                    s, std::move(e).hint("let both needs share it (`same:`), or fill one with another component"));
            }
        }
    }
    return true;
}

} // namespace uk::resolver
