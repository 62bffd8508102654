#include "resolver/world.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace uk::resolver {

using base::fail;
using base::result;
using base::status;

namespace {

result<void> add_instances(world& w, const std::vector<registry::named_instance>& list, bool manifest) {
    for (const registry::named_instance& one : list) {
        const known_instance instance{one.name, one.use, one.needs, one.with, manifest, one.where};
        if (const auto [at, fresh] = w.instances.emplace(one.name, instance); !fresh) {
            if (!manifest) continue; // the manifest names a device of the target anew
            return fail(status::input, one.where, "two instances are called `{}`", one.name).add({"first here", "", at->second.where});
        }
    }
    return {};
}

} // namespace

result<world> world::make(const request& asked) {
    world w{.asked = asked, .manifest = *asked.manifest, .variant = *asked.variant, .components = *asked.components, .instances = {}, .uses = {}, .same = {}, .set = {}, .problem = {}};
    const std::string& target = w.variant.target;
    std::vector<std::string> targets;
    for (const std::string& name : w.components.names()) {
        const registry::entry* entry = w.find(name, w.components.versions(name).front());
        if (entry && entry->content.kind == registry::component_kind::target) targets.push_back(name);
    }
    if (std::ranges::find(targets, target) == targets.end()) {
        if (w.problem && !w.components.versions(target).empty()) return *w.problem;
        return fail(status::input, w.variant.where, "there is no target `{}`{}", target, base::did_you_mean(target, targets))
            .hint("`uk targets` lists them; a variant of another name says `target:`");
    }
    w.problem.reset();
    w.target = w.find(target, w.components.versions(target).front());

    CHECK(add_instances(w, w.manifest.instances, true));
    CHECK(add_instances(w, w.variant.instances, true));
    for (const registry::need& need : w.manifest.needs) {
        // `use:` with `with:` makes an instance of its own, named like the need.
        if (!need.with.empty()) {
            const registry::named_instance own{need.label, need.use, need.with, {}, need.where};
            CHECK(add_instances(w, {own}, true));
            w.uses[need.label] = {need.label, need.where};
        } else if (!need.use.empty()) {
            w.uses[need.label] = {need.use, need.where};
        }
        if (!need.same.empty()) w.same[need.label] = need.same;
    }
    CHECK(add_instances(w, w.target->content.instances, false));
    for (const auto& [hole, filler] : w.variant.use) {
        const auto at = w.variant.use_where.find(hole);
        w.uses[hole] = {filler, at == w.variant.use_where.end() ? w.variant.where : at->second};
    }
    for (const auto& [label, other] : w.variant.same) w.same[label] = other;
    for (const auto& [label, other] : w.same) {
        std::vector<std::string> labels;
        for (const registry::need& need : w.manifest.needs) labels.push_back(need.label);
        for (const std::string& name : {label, other}) {
            if (std::ranges::find(labels, name) == labels.end())
                return fail(status::input, w.manifest.where, "`same` speaks of `{}`, which is no label of the manifest's needs{}", name, base::did_you_mean(name, labels));
        }
    }
    for (const auto* list : {&w.manifest.set, &w.variant.set}) {
        for (const registry::written_value& one : *list) {
            const auto dot = one.name.rfind('.');
            w.set[one.name.substr(0, dot)].insert_or_assign(one.name.substr(dot + 1), std::pair{one, one.node.where});
        }
    }
    // What is named has to exist, whether or not this image comes to it.
    std::vector<std::string> names = w.components.names();
    for (const auto& [name, instance] : w.instances) {
        if (w.components.versions(instance.component).empty())
            return fail(status::input, instance.where, "the instance `{}` uses `{}`, which no registry has{}", name, instance.component, base::did_you_mean(instance.component, names));
    }
    for (const auto& [name, instance] : w.instances) names.push_back(name);
    for (const auto& [hole, use] : w.uses) {
        if (!w.instance(use.filler)) {
            return fail(status::input, use.where, "`{}` is to be filled by `{}`, which is no instance and no component{}", hole, use.filler, base::did_you_mean(use.filler, names));
        }
    }
    return w;
}

const registry::entry* world::find(const std::string& name, const registry::version& id) const {
    auto found = components.find(name, id);
    if (found) return *found;
    if (!problem) problem = std::move(found).error();
    return nullptr;
}

std::optional<std::string> world::property(std::string_view name) const {
    const registry::target_part& part = *target->content.target;
    if (name == "target.arch") return part.architecture;
    if (name == "target.family") return part.family;
    if (name == "target.name") return target->content.name;
    if (name == "target.profile") return variant.profile;
    return std::nullopt;
}

const registry::entry* world::signature(const std::string& name) const {
    const auto versions = components.versions(name);
    if (versions.empty()) return nullptr;
    const registry::entry* entry = find(name, versions.front());
    return entry && entry->content.kind == registry::component_kind::signature ? entry : nullptr;
}

bool world::is_image_scope(const std::string& name) const {
    const registry::entry* entry = signature(name);
    return entry && entry->content.signature && entry->content.signature->image_scope;
}

std::optional<known_instance> world::instance(const std::string& name) const {
    if (const auto at = instances.find(name); at != instances.end()) return at->second;
    if (components.versions(name).empty() || signature(name)) return std::nullopt;
    return known_instance{name, name, {}, {}, false, {}};
}

} // namespace uk::resolver
