#include "resolver/assemble.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace uk::resolver {

using base::fail;
using base::result;
using base::status;

const chosen_component* resolution::component(const std::string& name) const {
    const auto at = std::ranges::find(components, name, &chosen_component::name);
    return at == components.end() ? nullptr : &*at;
}

const chosen_instance* resolution::instance(const std::string& name) const {
    const auto at = std::ranges::find(instances, name, &chosen_instance::name);
    return at == instances.end() ? nullptr : &*at;
}

bool resolution::holds(const registry::condition& when, const std::string& of, std::string_view profile) const {
    if (when.always()) return true;
    const registry::target_part& built_for = *component(target)->entry->content.target;
    const chosen_component* chosen = component(of);
    return when.holds([&](std::string_view name) -> std::optional<std::string> {
        if (name == "target.arch") return built_for.architecture;
        if (name == "target.family") return built_for.family;
        if (name == "target.name") return target;
        if (name == "target.profile") return std::string{profile};
        if (chosen && name.starts_with("option.")) {
            const auto found = chosen->options.find(std::string{name.substr(7)});
            if (found != chosen->options.end()) return found->second;
        }
        return std::nullopt;
    });
}

namespace {

// Every option with its value: what was chosen, else the default.
std::map<std::string, std::string> options_of(const choices& chosen, const registry::recipe& content) {
    std::map<std::string, std::string> options;
    if (const auto at = chosen.options.find(content.name); at != chosen.options.end()) options = at->second;
    for (const registry::declaration& one : content.options)
        if (one.fallback) options.try_emplace(one.name, registry::value_text(one.type, *one.fallback));
    return options;
}

result<std::map<std::string, std::string>> settings_of(const known_instance& instance,
                                                       const registry::recipe& content) {
    std::map<std::string, std::string> settings;
    for (const registry::written_value& value : instance.with) {
        const auto declared = std::ranges::find(content.settings, value.name, &registry::declaration::name);
        if (declared == content.settings.end()) {
            std::vector<std::string> names;
            for (const registry::declaration& one : content.settings) names.push_back(one.name);
            return fail(status::input, value.node.where, "`{}` has no setting `{}`{}", content.name, value.name,
                        base::did_you_mean(value.name, names));
        }
        const registry::value read = TRY(registry::read_value(*declared, value.node));
        settings[value.name] = registry::value_text(declared->type, read);
    }
    return settings;
}

// Each instance behind those that it needs; of several that could come next, the first by name.
std::vector<chosen_instance> in_opening_order(std::vector<chosen_instance> left) {
    std::vector<chosen_instance> order;
    std::set<std::string> opened;
    while (!left.empty()) {
        const auto next = std::ranges::find_if(left, [&](const chosen_instance& one) {
            return std::ranges::all_of(
                one.needs, [&](const auto& hole) { return hole.second.empty() || opened.contains(hole.second); });
        });
        opened.insert(next->name); // the wiring is acyclic
        order.push_back(std::move(*next));
        left.erase(next);
    }
    return order;
}

} // namespace

bool is_image_hole(const world& w, const std::string& hole) {
    return std::ranges::find(w.manifest.needs, hole, &registry::need::label) == w.manifest.needs.end() &&
           w.is_image_scope(hole);
}

result<resolution> assemble(const world& w, choices chosen) {
    resolution r;
    r.variant = w.variant.name;
    r.target = w.target->content.name;
    for (const auto& [name, entry] : chosen.components)
        r.components.push_back({name, entry->content.id, options_of(chosen, entry->content), entry});
    for (const auto& [name, entry] : chosen.signatures) r.signatures.push_back({name, entry->content.id, entry});
    std::set<std::string> instances;
    for (const auto& [hole, filler] : chosen.wiring) {
        if (is_image_hole(w, hole)) r.image_scope[hole] = filler;
        else if (!filler.empty()) instances.insert(filler);
    }
    for (const std::string& name : instances) {
        const known_instance known = *w.instance(name);
        const registry::recipe& content = chosen.components.at(known.component)->content;
        chosen_instance one{name, known.component, {}, TRY(settings_of(known, content)), {}};
        for (const registry::need& need : content.needs) {
            const auto at = chosen.wiring.find(name + "/" + need.label);
            if (at != chosen.wiring.end()) one.needs.emplace_back(need.label, at->second);
        }
        for (const registry::need& need : w.manifest.needs) {
            const auto at = chosen.wiring.find(need.label);
            if (at != chosen.wiring.end() && at->second == name) one.labels.push_back(need.label);
        }
        std::ranges::sort(one.labels);
        r.instances.push_back(std::move(one));
    }
    r.instances = in_opening_order(std::move(r.instances));
    r.wiring.assign(chosen.wiring.begin(), chosen.wiring.end());
    r.alternatives.assign(chosen.alternatives.begin(), chosen.alternatives.end());
    return r;
}

} // namespace uk::resolver
