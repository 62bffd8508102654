#include "resolver/from_recipes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "resolver/encoding.hpp"

namespace uk::resolver {

using registry::recipe;

namespace {

// Where a component can't be used, as facts say it: the opposite of its `when`.
registry::condition opposite(const registry::condition& when, const std::vector<registry::declaration>& options) {
    auto made = registry::parse_condition(fmt::format("not ({})", when.text()), options, when.where());
    return made ? *std::move(made) : registry::condition{}; // `when` itself was read with these options
}

bool is_locked(const world& w, const std::string& signature, const registry::version& id) {
    return w.asked.locked && std::ranges::any_of(w.asked.locked->variants, [&](const locked_variant& one) {
               const auto at = one.signatures.find(signature);
               return at != one.signatures.end() && at->second == id.text();
           });
}

bool must_be_told(const registry::declaration& setting) { return !setting.fallback && !setting.optional; }

} // namespace

int recipe_facts::line(const base::place& where) {
    all.places.push_back(where);
    return static_cast<int>(all.places.size());
}

const registry::entry* recipe_facts::read(const world& w, const std::string& name, const registry::version& id) {
    const auto found = w.components.find(name, id);
    if (found) return *found;
    unreadable.push_back(found.error().diagnostics().front());
    return nullptr;
}

void recipe_facts::reach(const world& w, const std::string& name) {
    if (!reached_.insert(name).second) return;
    for (const registry::version& id : w.components.versions(name)) {
        const registry::entry* entry = read(w, name, id);
        if (!entry) continue;
        const registry::yank* yanked = w.components.yanked(name, id);
        if (entry->content.kind == registry::component_kind::signature) {
            if (!yanked || is_locked(w, name, id)) all.signatures[name].push_back(signature_of(entry->content));
            continue;
        }
        all.components[name].push_back(component_of(entry->content));
        if (yanked) all.components[name].back().yanked = line(yanked->where);
    }
}

void recipe_facts::reach_fillers(const world& w, const std::string& signature) {
    if (!filled_.insert(signature).second) return;
    for (const std::string& name : w.components.implementers(signature, unreadable)) open_.emplace_back(name, false);
}

facts::choice recipe_facts::choice_of(const registry::dependency& one) const { return {one.name, one.versions, {}}; }

facts::require recipe_facts::require_of(const registry::require& one) {
    const int number = line(one.where);
    std::vector<facts::choice> choices;
    for (const auto& each : one.choices) {
        choices.push_back(choice_of(each.component));
        for (const registry::written_value& value : each.options)
            choices.back().options.emplace_back(value.name, value.node.text);
        open_.emplace_back(each.component.name, true);
    }
    return {std::move(choices), one.when, number};
}

facts::require recipe_facts::conflict_of(const registry::require& one) {
    return {{choice_of(one.choices.front().component)}, one.when, line(one.where)};
}

// What is asked of a signature's header, not of who provides it.
facts::require recipe_facts::header_of(const registry::dependency& one, const base::place& where) {
    open_.emplace_back(one.name, false);
    return {{choice_of(one)}, {}, line(where)};
}

facts::named_instance recipe_facts::instance_of(const std::string& name, const std::string& component,
                                                const std::vector<registry::written_value>& with,
                                                const base::place& where) {
    facts::named_instance made{name, component, {}, line(where)};
    for (const registry::written_value& value : with) made.told.push_back(value.name);
    return made;
}

facts::need recipe_facts::need_of(const registry::need& one) {
    open_.emplace_back(one.signature.name, true);
    return {.label = one.label,
            .signature = choice_of(one.signature),
            .optional = one.optional,
            .when = one.when,
            .line = line(one.where)};
}

facts::component recipe_facts::component_of(const recipe& content) {
    facts::component made{.name = content.name, .id = content.id, .line = line(content.where)};
    made.singleton = content.singleton;
    made.options = content.options;
    for (const registry::implementation& one : content.implements) {
        open_.emplace_back(one.signature.name, false);
        made.provides.push_back({one.signature.name, one.provides, one.when, line(one.where)});
    }
    for (const registry::require& one : content.requires_) made.requires_.push_back(require_of(one));
    for (const registry::require& one : content.conflicts) made.conflicts.push_back(conflict_of(one));
    for (const registry::need& one : content.needs) made.needs.push_back(need_of(one));
    for (const registry::dependency& one : content.over) made.over.push_back(header_of(one, one.where));
    for (const registry::declaration& one : content.settings)
        if (must_be_told(one)) made.settings.push_back({one.name, line(one.where)});
    if (!content.when.always())
        made.absent.push_back({opposite(content.when, content.options), line(content.when.where())});
    return made;
}

facts::signature recipe_facts::signature_of(const recipe& content) {
    facts::signature made{.name = content.name, .id = content.id, .requires_ = {}, .line = line(content.where)};
    made.image_scope = content.signature && content.signature->image_scope;
    made.exclusive = content.signature && content.signature->exclusive;
    for (const registry::require& one : content.requires_)
        made.requires_.push_back(header_of(one.choices.front().component, one.where));
    return made;
}

facts::target recipe_facts::target_of(const recipe& content, const base::place& where) {
    facts::target made{.name = content.name,
                       .architecture = content.target->architecture,
                       .family = content.target->family,
                       .line = line(where)};
    for (const registry::named_instance& one : content.instances)
        made.devices.push_back(instance_of(one.name, one.use, one.with, one.where));
    for (const auto& [signature, name] : content.target->prefers)
        made.prefers.push_back({signature.name, name, line(signature.where)});
    return made;
}

facts::request recipe_facts::request_of(const world& w) {
    facts::request made{.target = w.variant.target, .profile = w.variant.profile, .line = line(w.variant.where)};
    for (const registry::require& one : w.manifest.requires_) made.requires_.push_back(require_of(one));
    for (const registry::require& one : w.manifest.conflicts) made.conflicts.push_back(conflict_of(one));
    for (const registry::dependency& one : w.manifest.over) made.over.push_back(header_of(one, one.where));
    for (const registry::need& one : w.manifest.needs) made.needs.push_back(need_of(one));
    std::set<std::string> said;
    for (const auto& [name, one] : w.instances) {
        if (one.named) made.instances.push_back(instance_of(name, one.component, one.with, one.where));
        for (const auto& [label, filler] : one.needs) {
            made.uses.push_back({facts::encoding::hole_name(name, label), filler, line(one.where)});
            said.insert(made.uses.back().left);
        }
    }
    for (const auto& [hole, one] : w.uses)
        if (!said.contains(hole)) made.uses.push_back({hole, one.filler, line(one.where)});
    for (const auto& [label, other] : w.same) {
        const auto need = std::ranges::find(w.manifest.needs, label, &registry::need::label);
        made.same.push_back({label, other, line(need->where)});
    }
    for (const auto& [component, options] : w.set)
        for (const auto& [option, value] : options)
            made.sets.push_back({fmt::format("{}.{}", component, option), value.first.node.text, line(value.second)});
    add_lock(w, made);
    made.update = w.asked.update;
    return made;
}

void recipe_facts::add_lock(const world& w, facts::request& made) {
    using type = facts::locked::type;
    const auto add = [&](type kind, const std::string& left, const std::string& right) {
        made.lock.push_back({kind, left, right, 0});
    };
    const auto is_mine = [&](const locked_variant& one) { return one.name == w.variant.name; };
    const locked_variant* mine = nullptr;
    if (w.asked.locked) {
        const auto at = std::ranges::find_if(w.asked.locked->variants, is_mine);
        if (at != w.asked.locked->variants.end()) mine = &*at;
    }
    if (mine) {
        for (const auto& [hole, filler] : mine->wiring)
            if (!filler.empty()) add(type::wiring, hole, filler);
        for (const auto& [at, chosen] : mine->alternatives)
            add(type::alternative, alternative_as_fact(w.manifest, at), chosen);
        for (const auto& [name, version] : mine->components) add(type::component, name, version);
    }
    if (w.asked.above) {
        for (const resolution* other : *w.asked.above)
            for (const chosen_component& one : other->components) add(type::component, one.name, one.id.text());
    }
    if (!mine) return;
    for (const auto& [name, version] : mine->signatures) add(type::component, name, version);
}

void recipe_facts::add(const world& w) {
    const recipe& target = w.target->content;
    if (!all.targets.contains(target.name)) all.targets.emplace(target.name, target_of(target, w.variant.where));
    all.requests.push_back(request_of(w));
    open_.emplace_back(target.name, false);
    while (!open_.empty()) {
        const auto [name, fillers] = open_.back();
        open_.pop_back();
        reach(w, name);
        if (fillers && all.signatures.contains(name)) reach_fillers(w, name);
    }
    // What nobody declares can't be provided either.
    for (auto& [name, versions] : all.components)
        for (facts::component& one : versions)
            one.provides.erase_if([&](const facts::provide& each) { return !all.signatures.contains(each.signature); });
}

std::string alternative_as_fact(const recipe& manifest, const std::string& text) {
    const bool is_mine = std::ranges::any_of(manifest.requires_, [&](const registry::require& one) {
        std::string name = manifest.name + ":";
        for (const auto& each : one.choices)
            name += (&each == &one.choices.front() ? " " : " | ") + each.component.name;
        return name == text;
    });
    return is_mine ? "request" + text.substr(manifest.name.size()) : text;
}

std::string alternative_as_written(const recipe& manifest, const std::string& fact) {
    return fact.starts_with("request: ") ? manifest.name + fact.substr(7) : fact;
}

} // namespace uk::resolver
