#include "resolver/resolver.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "resolver/search.hpp"

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

namespace {

// Every option with its value: what is set, else the default.
std::map<std::string, std::string> options_of(const world& w, const search_state& s, const registry::recipe& content) {
    std::map<std::string, std::string> options;
    for (const registry::declaration& one : content.options) {
        if (one.fallback) options[one.name] = registry::value_text(one.type, *one.fallback);
    }
    const auto set = [&](const std::string& name, const registry::written_value& value) {
        const auto declared = std::ranges::find(content.options, name, &registry::declaration::name);
        if (declared == content.options.end()) return;
        if (const auto read = registry::read_value(*declared, value.node))
            options[name] = registry::value_text(declared->type, *read);
    };
    if (const auto at = s.options.find(content.name); at != s.options.end()) {
        for (const auto& [name, value] : at->second) options[name] = value.first;
    }
    if (const auto at = s.sets.find(content.name); at != s.sets.end()) {
        for (const auto& [name, value, by] : at->second) set(name, value);
    }
    if (const auto at = w.set.find(content.name); at != w.set.end()) {
        for (const auto& [name, value] : at->second) set(name, value.first);
    }
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
std::vector<std::string> opening_order(const search_state& s) {
    std::vector<std::string> order, left = s.instances;
    std::ranges::sort(left);
    while (!left.empty()) {
        const auto next = std::ranges::find_if(left, [&](const std::string& name) {
            const auto holes = s.holes.find(name);
            return holes == s.holes.end() || std::ranges::all_of(holes->second, [&](const auto& hole) {
                       return hole.second.empty() || std::ranges::find(order, hole.second) != order.end();
                   });
        });
        order.push_back(*next); // the wiring is acyclic
        left.erase(next);
    }
    return order;
}

} // namespace

result<resolution> make_resolution(const world& w, const search_state& s) {
    resolution r;
    r.variant = w.variant.name;
    r.target = w.target->content.name;
    for (const auto& [name, entry] : s.chosen)
        r.components.push_back({name, entry->content.id, options_of(w, s, entry->content), entry});
    for (const auto& [name, entry] : s.chosen_signatures) r.signatures.push_back({name, entry->content.id, entry});
    for (const std::string& name : opening_order(s)) {
        const known_instance known = *w.instance(name);
        chosen_instance one{
            name, known.component, {}, TRY(settings_of(known, s.chosen.at(known.component)->content)), {}};
        if (const auto holes = s.holes.find(name); holes != s.holes.end()) one.needs = holes->second;
        for (const registry::need& need : w.manifest.needs) {
            const auto at = s.wiring.find(need.label);
            if (at != s.wiring.end() && at->second == name) one.labels.push_back(need.label);
        }
        std::ranges::sort(one.labels);
        r.instances.push_back(std::move(one));
    }
    r.wiring.assign(s.wiring.begin(), s.wiring.end());
    r.image_scope = s.image_scope;
    r.alternatives.assign(s.alternatives.begin(), s.alternatives.end());
    return r;
}

namespace {

// The soft constraints of a request, the more important first, one by one.
std::vector<std::function<void(wishes&)>> wishes_of(const request& what) {
    std::vector<std::function<void(wishes&)>> all;
    const locked_variant* mine = nullptr;
    if (what.locked) {
        for (const locked_variant& one : what.locked->variants) {
            if (one.name == what.variant->name) mine = &one;
        }
    }
    const auto updated = [&](const std::string& name) {
        return std::ranges::find(what.update, name) != what.update.end();
    };
    if (mine) {
        for (const auto& [hole, filler] : mine->wiring) {
            if (!filler.empty() && !updated(filler))
                all.push_back([hole, filler](wishes& w) { w.wiring[hole] = filler; });
        }
        for (const auto& [name, chosen] : mine->alternatives)
            all.push_back([name, chosen](wishes& w) { w.alternatives[name] = chosen; });
    }
    // What is being updated: the newest that can be had, tried from the newest down.
    for (const std::string& name : what.update) {
        const auto versions = what.components->versions(name);
        for (std::size_t newest = 1; newest <= versions.size(); ++newest) {
            std::set<std::string> allowed;
            for (std::size_t i = 0; i < newest; ++i) allowed.insert(versions[i].text());
            all.push_back([name, allowed](wishes& w) {
                if (!w.versions.contains(name)) w.versions[name] = allowed;
            });
        }
    }
    if (mine) {
        for (const auto& [name, version] : mine->components) {
            if (!updated(name)) all.push_back([name, version](wishes& w) { w.versions[name] = {version}; });
        }
    }
    if (what.above) {
        for (const resolution* other : *what.above) {
            for (const chosen_component& one : other->components) {
                if (updated(one.name)) continue;
                all.push_back([name = one.name, version = one.id.text()](wishes& w) {
                    if (!w.versions.contains(name)) w.versions[name] = {version};
                });
            }
        }
    }
    if (mine) {
        for (const auto& [name, version] : mine->signatures)
            all.push_back([name, version](wishes& w) { w.signature_preference[name] = version; });
    }
    return all;
}

} // namespace

result<resolution> resolve(const request& what) {
    const world w = TRY(world::make(what));
    const auto soft = wishes_of(what);

    wishes every;
    for (const auto& wish : soft) wish(every);
    search all{w, every};
    if (const auto found = all.run()) return make_resolution(w, *found); // nothing had to give way

    const wishes none;
    search plain{w, none};
    std::optional<search_state> best = plain.run();
    if (!best) {
        base::error e = plain.failure();
        e.add_context(fmt::format("resolving the variant `{}`", w.variant.name));
        return e;
    }
    // One after the other: each is kept if a solution still exists with it and those kept before.
    wishes kept;
    for (const auto& wish : soft) {
        wishes more = kept;
        wish(more);
        search with{w, more};
        if (auto found = with.run()) {
            kept = std::move(more);
            best = std::move(found);
        }
    }
    return make_resolution(w, *best);
}

} // namespace uk::resolver
