#include "resolver/from_lock.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "resolver/assemble.hpp"

namespace uk::resolver {

using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

constexpr const char* way_out = "`uk lock` brings it up to date";

error outdated(const base::place& where, std::string message) {
    return error{status::outdated, std::move(message), where, way_out};
}

result<const locked_variant*> find_variant(const lock& from, const registry::variant& variant) {
    const auto at = std::ranges::find(from.variants, variant.name, &locked_variant::name);
    if (at == from.variants.end())
        return outdated(variant.where, fmt::format("uk.lock has no variant `{}`", variant.name));
    if (at->target != variant.target)
        return outdated(variant.where,
                        fmt::format("uk.lock has the variant `{}` for the target `{}`, and uk.yaml for `{}`",
                                    variant.name, at->target, variant.target));
    return &*at;
}

// A component or signature of the lock, in the index; its recipe must be the one that was locked.
result<const registry::entry*> find_locked(const lock& from, const std::string& name, const std::string& version,
                                           const registry::index& components) {
    const auto locked = std::ranges::find_if(
        from.components, [&](const auto& one) { return one.name == name && one.id.text() == version; });
    if (locked == from.components.end())
        return outdated({}, fmt::format("uk.lock has no block for `{} {}`, which a variant uses", name, version));
    const auto versions = components.versions(name);
    if (std::ranges::find(versions, locked->id) == versions.end())
        return outdated({}, fmt::format("uk.lock wants `{} {}`, which the registry `{}` hasn't got", name, version,
                                        locked->registry));
    const registry::entry* entry = TRY(components.find(name, locked->id));
    if (locked->recipe && entry->hash != *locked->recipe) {
        return std::move(outdated({entry->content.file, 0, 0},
                                  fmt::format("the recipe of `{} {}` isn't the one that was locked", name, version)))
            .add({"locked", "sha256:" + locked->recipe->hex(), {}})
            .add({"found", "sha256:" + entry->hash.hex(), {entry->content.file, 0, 0}});
    }
    return entry;
}

std::string filler_of(const locked_variant& locked, const std::string& hole) {
    const auto at = locked.wiring.find(hole);
    return at == locked.wiring.end() ? "" : at->second;
}

} // namespace

result<void> answers(const lock& from, const registry::recipe& manifest, const registry::variant& variant) {
    const locked_variant& locked = *TRY(find_variant(from, variant));
    const auto has = [&](const registry::dependency& one, bool any) -> bool {
        for (const auto* list : {&locked.components, &locked.signatures}) {
            const auto at = list->find(one.name);
            if (at == list->end()) continue;
            const auto id = registry::parse_version(at->second, one.where);
            return id &&
                   (any ? one.versions.matches_any(*id) : list == &locked.signatures || one.versions.matches(*id));
        }
        return false;
    };
    for (const registry::require& one : manifest.requires_) {
        if (std::ranges::none_of(one.choices, [&](const auto& choice) { return has(choice.component, false); }))
            return outdated(one.where,
                            fmt::format("uk.lock has nothing for `{} {}`", one.choices.front().component.name,
                                        one.choices.front().component.versions.text()));
    }
    for (const registry::require& one : manifest.conflicts) {
        if (has(one.choices.front().component, true))
            return outdated(one.where, fmt::format("uk.lock has a version of `{}` that uk.yaml rules out",
                                                   one.choices.front().component.name));
    }
    for (const registry::need& need : manifest.needs) {
        const auto use = variant.use.find(need.label);
        std::string wanted = use != variant.use.end() ? use->second : !need.with.empty() ? need.label : need.use;
        const auto same = variant.same.find(need.label);
        const std::string& other = same != variant.same.end() ? same->second : need.same;
        if (!other.empty()) wanted = filler_of(locked, other);
        const std::string filler = filler_of(locked, need.label);
        if (!locked.wiring.contains(need.label) || (filler.empty() && !need.optional))
            return outdated(need.where, fmt::format("uk.lock fills no need `{}`", need.label));
        if (!wanted.empty() && filler != wanted)
            return outdated(need.where,
                            fmt::format("uk.lock fills `{}` by `{}`, and uk.yaml by `{}`", need.label, filler, wanted));
        if (!filler.empty() && !has(need.signature, false))
            return outdated(need.where,
                            fmt::format("uk.lock has no `{}` for the need `{}`", need.signature.name, need.label));
    }
    for (const auto& [hole, filler] : locked.wiring) {
        const bool is_ours = hole.find('/') == std::string::npos && !locked.signatures.contains(hole);
        if (is_ours && std::ranges::find(manifest.needs, hole, &registry::need::label) == manifest.needs.end())
            return outdated(manifest.where, fmt::format("uk.lock fills a need `{}`, which uk.yaml hasn't got", hole));
        const auto use = variant.use.find(hole);
        if (use != variant.use.end() && use->second != filler)
            return outdated(variant.where,
                            fmt::format("uk.lock fills `{}` by `{}`, and uk.yaml by `{}`", hole, filler, use->second));
    }
    return {};
}

result<resolution> read_resolution(const lock& from, const registry::recipe& manifest, const registry::variant& variant,
                                   const registry::index& components) {
    CHECK(answers(from, manifest, variant));
    const locked_variant& locked = *TRY(find_variant(from, variant));
    const request asked{.manifest = &manifest, .components = &components, .variant = &variant, .locked = &from};
    const world w = TRY(world::make(asked));
    choices chosen{.components = {},
                   .signatures = {},
                   .options = locked.options,
                   .wiring = locked.wiring,
                   .alternatives = locked.alternatives};
    for (const auto& [name, version] : locked.components)
        chosen.components[name] = TRY(find_locked(from, name, version, components));
    for (const auto& [name, version] : locked.signatures)
        chosen.signatures[name] = TRY(find_locked(from, name, version, components));
    std::map<std::string, std::vector<std::string>> fillers; // of each instance's holes
    for (const auto& [hole, filler] : locked.wiring) {
        if (filler.empty() || is_image_hole(w, hole)) continue;
        const auto known = w.instance(filler);
        if (!known || !chosen.components.contains(known->component))
            return outdated(variant.where,
                            fmt::format("uk.lock fills `{}` by `{}`, which it has no component for", hole, filler));
        if (const auto slash = hole.find('/'); slash != std::string::npos)
            fillers[hole.substr(0, slash)].push_back(filler);
    }
    // What follows relies on it: the wiring ends somewhere.
    for (const auto& [name, first] : fillers) {
        std::vector<std::string> reached = first;
        for (std::size_t i = 0; i < reached.size(); ++i) {
            if (reached[i] == name) return outdated(variant.where, fmt::format("uk.lock wires `{}` in a circle", name));
            for (const std::string& next : fillers[reached[i]])
                if (std::ranges::find(reached, next) == reached.end()) reached.push_back(next);
        }
    }
    if (!chosen.components.contains(variant.target))
        return outdated(variant.where, fmt::format("uk.lock has no version of the target `{}`", variant.target));
    return assemble(w, std::move(chosen));
}

} // namespace uk::resolver
