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
            return fail(status::input, one.where, "two instances are called `{}`", one.name)
                .add({"first here", "", at->second.where});
        }
    }
    return {};
}

} // namespace

// What is said about holes and options has to speak of something, whether or not this image comes to it.
result<void> world::check_names() const {
    std::vector<std::string> known = components.names();
    for (const auto& [name, one] : instances) known.push_back(name);
    const auto check_hole = [&](const std::string& owner, const std::string& label,
                                const base::place& where) -> result<void> {
        const auto of = instance(owner);
        if (!of)
            return fail(status::input, where, "`{}/{}` speaks of `{}`, which is no instance and no component{}", owner,
                        label, owner, base::did_you_mean(owner, known));
        std::vector<std::string> labels;
        for (const registry::version& id : components.versions(of->component)) {
            if (const registry::entry* entry = find(of->component, id)) {
                for (const registry::need& need : entry->content.needs) labels.push_back(need.label);
            }
        }
        if (std::ranges::find(labels, label) == labels.end())
            return fail(status::input, where, "`{}` has no need `{}`{}", of->component, label,
                        base::did_you_mean(label, labels));
        return {};
    };
    for (const auto& [hole, one] : uses) {
        if (const auto slash = hole.find('/'); slash != std::string::npos)
            CHECK(check_hole(hole.substr(0, slash), hole.substr(slash + 1), one.where));
    }
    for (const auto& [name, one] : instances) {
        for (const auto& [label, filler] : one.needs) {
            CHECK(check_hole(name, label, one.where));
            if (!instance(filler))
                return fail(status::input, one.where,
                            "`{}` of `{}` is to be filled by `{}`, which is no instance and no component{}", label,
                            name, filler, base::did_you_mean(filler, known));
        }
    }
    for (const auto& [component, values] : set) {
        const auto versions = components.versions(component);
        for (const auto& [option, value] : values) {
            if (versions.empty())
                return fail(status::input, value.second, "`set` speaks of `{}`, which no registry has{}", component,
                            base::did_you_mean(component, components.names()));
            std::vector<std::string> options;
            for (const registry::version& id : versions) {
                if (const registry::entry* entry = find(component, id)) {
                    for (const registry::declaration& one : entry->content.options) options.push_back(one.name);
                }
            }
            if (std::ranges::find(options, option) == options.end())
                return fail(status::input, value.second, "`{}` has no option `{}`{}", component, option,
                            base::did_you_mean(option, options));
        }
    }
    for (const registry::need& need : manifest.needs) {
        if (is_image_scope(need.label))
            return fail(status::input, need.where,
                        "a need can't be called `{}`, as the signature that an image has once", need.label)
                .hint("give it another label");
    }
    return {};
}

result<world> world::make(const request& asked) {
    world w{.asked = asked,
            .manifest = *asked.manifest,
            .variant = *asked.variant,
            .components = *asked.components,
            .instances = {},
            .uses = {},
            .same = {},
            .set = {},
            .problem = {}};
    const std::string& target = w.variant.target;
    std::vector<std::string> targets;
    for (const std::string& name : w.components.names()) {
        const registry::entry* entry = w.find(name, *w.components.newest(name));
        if (entry && entry->content.kind == registry::component_kind::target) targets.push_back(name);
    }
    if (std::ranges::find(targets, target) == targets.end()) {
        if (w.problem && !w.components.versions(target).empty()) return *w.problem;
        return fail(status::input, w.variant.where, "there is no target `{}`{}", target,
                    base::did_you_mean(target, targets))
            .hint("`uk targets` lists them; a variant of another name says `target:`");
    }
    w.problem.reset();
    w.target = w.find(target, *w.components.newest(target));

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
                return fail(status::input, w.manifest.where,
                            "`same` speaks of `{}`, which is no label of the manifest's needs{}", name,
                            base::did_you_mean(name, labels));
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
            return fail(status::input, instance.where, "the instance `{}` uses `{}`, which no registry has{}", name,
                        instance.component, base::did_you_mean(instance.component, names));
    }
    for (const auto& [name, instance] : w.instances) names.push_back(name);
    for (const auto& [hole, use] : w.uses) {
        if (!w.instance(use.filler)) {
            return fail(status::input, use.where,
                        "`{}` is to be filled by `{}`, which is no instance and no component{}", hole, use.filler,
                        base::did_you_mean(use.filler, names));
        }
    }
    CHECK(w.check_names());
    w.problem.reset();
    return w;
}

const registry::entry* world::find(const std::string& name, const registry::version& id) const {
    auto found = components.find(name, id);
    if (found) return *found;
    if (!problem) problem = std::move(found).error();
    return nullptr;
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
