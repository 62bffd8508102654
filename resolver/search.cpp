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

namespace {

// A search that has taken so many steps has lost its way; a later engine learns from dead ends.
constexpr std::size_t most_steps = 2'000'000;

std::string called(const registry::entry& entry) { return fmt::format("{} {}", entry.content.name, entry.content.id.text()); }

const registry::declaration* option_of(const recipe& content, const std::string& name) {
    const auto at = std::ranges::find(content.options, name, &registry::declaration::name);
    return at == content.options.end() ? nullptr : &*at;
}

// A caret as signatures mean it: the same major, for 0.x the same minor, and not older.
bool serves(const registry::version& chosen, const registry::version& provided) {
    if (chosen.major != provided.major || (chosen.major == 0 && chosen.minor != provided.minor)) return false;
    return chosen >= provided;
}

std::string alternative_name(const std::string& owner, const registry::require& one) {
    std::string text = owner + ": ";
    for (std::size_t i = 0; i < one.choices.size(); ++i) text += (i ? " | " : "") + one.choices[i].component.name;
    return text;
}

} // namespace

bool search::dead_end(const search_state& s, error why) {
    const std::size_t depth = s.chosen.size() + s.wiring.size() + s.chosen_signatures.size();
    if (!failure_ || depth > furthest_) {
        furthest_ = depth;
        failure_ = std::move(why);
    }
    return false;
}

asker search::asker_of(const search_state& s, const std::string& name, const base::place& where) const {
    if (name.empty()) return {fmt::format("`{}`", world_.manifest.name), where};
    const auto instance = world_.instance(name);
    const std::string component = instance ? instance->component : name;
    const auto at = s.chosen.find(component);
    return {at == s.chosen.end() ? fmt::format("`{}`", name) : fmt::format("`{}`", called(*at->second)), where};
}

// Do the options that `when` names have values yet?
bool search::is_decided(const search_state& s, const registry::condition& when, const std::string& component) const {
    const std::set<std::string> names = when.options();
    if (names.empty()) return true;
    const auto of = s.options.find(component);
    return of != s.options.end() && std::ranges::all_of(names, [&](const std::string& name) { return of->second.contains(name); });
}

// The implementation of `signature` that counts; one that hangs on an option without a value yet counts as long as its
// version would do.
const registry::implementation* search::provides(const search_state& s, const recipe& content, const std::string& signature, const registry::requirement& versions) const {
    const registry::implementation* another = nullptr;
    for (const registry::implementation& one : content.implements) {
        if (one.signature.name != signature) continue;
        const bool decided = is_decided(s, one.when, content.name);
        if (decided && !holds(s, one.when, content.name)) continue;
        if (versions.matches(one.provides)) return &one;
        if (!another) another = &one;
    }
    return another;
}

bool search::holds(const search_state& s, const registry::condition& when, const std::string& component) const {
    return when.holds([&](std::string_view name) -> std::optional<std::string> {
        if (!name.starts_with("option.")) return world_.property(name);
        const auto of = s.options.find(component);
        if (of == s.options.end()) return std::nullopt;
        const auto at = of->second.find(std::string{name.substr(7)});
        return at == of->second.end() ? std::nullopt : std::optional{at->second.first};
    });
}

// Is this version possible with what was decided so far?
bool search::fits(const search_state& s, const registry::entry& entry, std::string* why_not, base::place* where) const {
    const recipe& content = entry.content;
    const auto no = [&](std::string reason, const base::place& at) {
        if (why_not) *why_not = std::move(reason);
        if (where) *where = at;
        return false;
    };
    if (is_decided(s, content.when, content.name) && !holds(s, content.when, content.name))
        return no(fmt::format("it is only for `{}`", content.when.text()), content.when.where());
    if (const auto at = soft_.versions.find(content.name); at != soft_.versions.end() && !at->second.contains(content.id.text()))
        return no("the lock has another version", content.where);
    if (const auto at = s.wanted.find(content.name); at != s.wanted.end()) {
        for (const constraint& one : at->second) {
            if (one.provides.empty()) {
                if (!one.versions.matches(content.id)) return no(fmt::format("{} wants `{} {}`", one.by.who, content.name, one.versions.text()), one.by.where);
            } else {
                const auto* by = provides(s, content, one.provides, one.versions);
                if (!by) return no(fmt::format("it doesn't implement `{}`", one.provides), content.where);
                if (!one.versions.matches(by->provides))
                    return no(fmt::format("it implements `{} {}`, and {} wants `{}`", one.provides, by->provides.text_short(), one.by.who, one.versions.text()), by->where);
            }
        }
    }
    // Conflicts of the manifest, of what is there with this, and of this with what is there.
    const auto bans = [&](const recipe& owner, const registry::require& one, const std::string& name, const registry::version& id) {
        const registry::dependency& other = one.choices.front().component;
        return other.name == name && is_decided(s, one.when, owner.name) && holds(s, one.when, owner.name) && other.versions.matches_any(id);
    };
    for (const registry::require& one : world_.manifest.conflicts) {
        if (bans(world_.manifest, one, content.name, content.id)) return no(fmt::format("`{}` conflicts with it", world_.manifest.name), one.where);
    }
    for (const registry::require& one : content.conflicts) {
        const registry::dependency& other = one.choices.front().component;
        const auto at = s.chosen.find(other.name);
        if (bans(content, one, content.name, content.id) || (at != s.chosen.end() && bans(content, one, other.name, at->second->content.id)))
            return no(fmt::format("it conflicts with `{} {}`", other.name, other.versions.text()), one.where);
    }
    for (const auto& [name, entry_there] : s.chosen) {
        for (const registry::require& one : entry_there->content.conflicts) {
            if (bans(entry_there->content, one, content.name, content.id)) return no(fmt::format("`{}` conflicts with it", called(*entry_there)), one.where);
        }
    }
    // What an image has once has one provider.
    for (const registry::implementation& one : content.implements) {
        const std::string& signature = one.signature.name;
        if (!world_.is_image_scope(signature) || !is_decided(s, one.when, content.name) || !holds(s, one.when, content.name)) continue;
        if (const auto at = s.image_scope.find(signature); at != s.image_scope.end() && at->second != content.name)
            return no(fmt::format("it provides `{}`, and `{}` does so already", signature, at->second), one.where);
        for (const auto& [name, there] : s.chosen) {
            if (name == content.name) continue;
            for (const registry::implementation& other : there->content.implements) {
                if (other.signature.name == signature && is_decided(s, other.when, name) && holds(s, other.when, name))
                    return no(fmt::format("it provides `{}`, and `{}` does so already", signature, called(*there)), one.where);
            }
        }
    }
    // Every value that somebody sets must be one of its options', and all the same.
    std::map<std::string, std::pair<std::string, asker>> values;
    const auto set = [&](const std::string& option, const registry::written_value& value, const asker& by) {
        const registry::declaration* declared = option_of(content, option);
        if (!declared) return no(fmt::format("it has no option `{}`, which {} sets", option, by.who), by.where);
        const auto read = registry::read_value(*declared, value.node);
        if (!read) return no(fmt::format("its option `{}` can't be what {} sets", option, by.who), by.where);
        const std::string text = registry::value_text(declared->type, *read);
        const auto [at, fresh] = values.try_emplace(option, text, by);
        if (!fresh && at->second.first != text)
            return no(fmt::format("{} sets its option `{}` to {}, and {} to {}", by.who, option, text, at->second.second.who, at->second.first), by.where);
        return true;
    };
    if (const auto at = world_.set.find(content.name); at != world_.set.end()) {
        for (const auto& [option, value] : at->second) {
            if (!set(option, value.first, {fmt::format("`{}`", world_.manifest.name), value.second})) return false;
        }
    }
    if (const auto at = s.sets.find(content.name); at != s.sets.end()) {
        for (const auto& [option, value, by] : at->second) {
            if (!set(option, value, by)) return false;
        }
    }
    return true;
}

bool search::choose(search_state& s, const std::vector<apply>& candidates) {
    if (candidates.size() == 1) return candidates.front()(s);
    for (const apply& one : candidates) {
        search_state copy = s;
        if (one(copy) && solve(copy)) {
            s = std::move(copy);
            solved_ = true;
            return true;
        }
        if (steps_ > most_steps) return false;
    }
    return false;
}

bool search::solve(search_state& s) {
    while (!solved_) {
        if (++steps_ > most_steps) {
            failure_ = error{status::unsolvable, fmt::format("gave up after {} steps", most_steps), world_.variant.where,
                             "say more in uk.yaml: `use:` for its needs, narrower versions"};
            return false;
        }
        if (s.now.empty()) {
            if (!s.later.empty()) {
                s.now.push_back(s.later.front());
                s.later.pop_front();
            } else if (!s.complete) {
                s.now.push_back({step::type::signatures, ""});
            } else {
                return true;
            }
        }
        const step next = s.now.front();
        s.now.pop_front();
        if (!decide(s, next)) return false;
    }
    return true;
}

bool search::decide(search_state& s, const step& what) {
    switch (what.kind) {
    case step::type::component: return decide_component(s, what.name);
    case step::type::options: return decide_option(s, what.name, what.index);
    case step::type::requires_: return decide_require(s, what.name, what.index);
    case step::type::need: return decide_need(s, what.name, what.index);
    case step::type::instance: return decide_instance(s, what.name);
    case step::type::signatures: break;
    }
    return decide_signatures(s);
}

bool search::want(search_state& s, const std::string& component, constraint c, const std::string& parent) {
    const auto at = s.chosen.find(component);
    s.wanted[component].push_back(c);
    if (at != s.chosen.end()) {
        std::string reason;
        base::place where;
        if (fits(s, *at->second, &reason, &where)) return true;
        error e = fail(status::unsolvable, c.by.where, "`{}` doesn't fit: {}", called(*at->second), reason);
        for (const constraint& one : s.wanted[component])
            e.add({"needed by", fmt::format("{}, which wants `{}`", one.by.who, one.provides.empty() ? component + " " + one.versions.text() : one.provides + " " + one.versions.text()), one.by.where});
        return dead_end(s, std::move(e));
    }
    if (s.parents.try_emplace(component, std::pair{parent, c.by}).second) s.later.push_back({step::type::component, component});
    return true;
}

bool search::decide_component(search_state& s, const std::string& name) {
    if (s.chosen.contains(name)) return true;
    std::vector<apply> candidates;
    std::vector<note> reasons;
    for (const registry::version& id : world_.components.versions(name)) {
        const registry::entry* entry = world_.find(name, id);
        if (!entry) {
            if (world_.problem) reasons.push_back({"looked at", fmt::format("`{} {}`, whose recipe can't be read: {}", name, id.text(), world_.problem->diagnostics().front().message),
                                                   world_.problem->diagnostics().front().where});
            world_.problem.reset();
            continue;
        }
        std::string reason;
        base::place where;
        if (!fits(s, *entry, &reason, &where)) {
            reasons.push_back({"looked at", fmt::format("`{}`: {}", called(*entry), reason), where});
            continue;
        }
        candidates.push_back([this, entry, name](search_state& t) {
            t.chosen[name] = entry;
            const recipe& content = entry->content;
            for (const registry::dependency& one : content.over) t.signatures[one.name].push_back({one.versions, "", asker_of(t, name, one.where)});
            std::vector<step> steps;
            std::set<std::string> named = content.when.options();
            const auto collect = [&](const registry::condition& when) { named.merge(when.options()); };
            for (const auto& one : content.requires_) collect(one.when);
            for (const auto& one : content.needs) collect(one.when);
            for (const auto& one : content.conflicts) collect(one.when);
            for (const auto& one : content.implements) collect(one.when);
            for (std::size_t i = 0; i < content.options.size(); ++i) {
                if (named.contains(content.options[i].name)) steps.push_back({step::type::options, name, i});
            }
            for (std::size_t i = 0; i < content.requires_.size(); ++i) steps.push_back({step::type::requires_, name, i});
            t.now.insert(t.now.begin(), steps.begin(), steps.end());
            return true;
        });
    }
    if (candidates.empty()) {
        const auto wanted = s.wanted.find(name);
        error e = world_.components.versions(name).empty()
                      ? fail(status::unsolvable, {}, "there is no component `{}`{}", name, base::did_you_mean(name, world_.components.names()))
                      : fail(status::unsolvable, {}, "no version of `{}` fits this image", name);
        if (wanted != s.wanted.end()) {
            for (const constraint& one : wanted->second)
                e.add({"needed by", one.provides.empty() ? fmt::format("{}, which wants `{} {}`", one.by.who, name, one.versions.text())
                                                         : fmt::format("{}, for `{} {}`", one.by.who, one.provides, one.versions.text()),
                       one.by.where});
        }
        for (note& one : reasons) e.add(std::move(one));
        e.add({"looked in", fmt::format("registry `{}`", world_.components.name()), {}});
        e.hint(reasons.empty() ? "the name may be wrong, or the component belongs beside uk.yaml in recipes/NAME/VERSION/" : "relax one of the requirements above, or name another component by `use:`");
        return dead_end(s, std::move(e));
    }
    return choose(s, candidates);
}

// Decided only because a `when` asks: what somebody sets, else the default, else what others in the registry set.
bool search::decide_option(search_state& s, const std::string& component, std::size_t index) {
    const recipe& content = s.chosen.at(component)->content;
    const registry::declaration& declared = content.options[index];
    std::vector<std::string> values;
    const auto add = [&](const registry::written_value& value) {
        if (const auto read = registry::read_value(declared, value.node)) {
            const std::string text = registry::value_text(declared.type, *read);
            if (std::ranges::find(values, text) == values.end()) values.push_back(text);
        }
    };
    bool bound = false;
    if (const auto at = world_.set.find(component); at != world_.set.end()) {
        if (const auto value = at->second.find(declared.name); value != at->second.end()) add(value->second.first), bound = true;
    }
    if (const auto at = s.sets.find(component); at != s.sets.end()) {
        for (const auto& [option, value, by] : at->second) {
            if (option == declared.name) add(value), bound = true;
        }
    }
    if (!bound) {
        if (declared.fallback) values.push_back(registry::value_text(declared.type, *declared.fallback));
        for (const std::string& name : world_.components.names()) {
            for (const registry::version& id : world_.components.versions(name)) {
                const registry::entry* entry = world_.find(name, id);
                if (!entry) continue;
                for (const registry::require& one : entry->content.requires_) {
                    for (const auto& choice : one.choices) {
                        if (choice.component.name != component) continue;
                        for (const registry::written_value& value : choice.options) {
                            if (value.name == declared.name) add(value);
                        }
                    }
                }
            }
        }
    }
    std::vector<apply> candidates;
    for (const std::string& value : values) {
        candidates.push_back([this, value, component, &declared](search_state& t) {
            t.options[component][declared.name] = {value, {}};
            const registry::entry& entry = *t.chosen.at(component);
            std::string reason;
            base::place where;
            if (fits(t, entry, &reason, &where)) return true;
            return dead_end(t, fail(status::unsolvable, where, "`{}` doesn't fit with {} = {}: {}", called(entry), declared.name, value, reason));
        });
    }
    return choose(s, candidates);
}

bool search::set_option(search_state& s, const std::string& component, const registry::written_value& value, const asker& by) {
    s.sets[component].emplace_back(value.name, value, by);
    const auto chosen = s.chosen.find(component);
    if (chosen == s.chosen.end()) return true;
    std::string reason;
    base::place where;
    if (!fits(s, *chosen->second, &reason, &where)) return dead_end(s, fail(status::unsolvable, by.where, "`{}` doesn't fit: {}", called(*chosen->second), reason));
    // A `when` may have been decided with another value.
    if (const auto decided = s.options[component].find(value.name); decided != s.options[component].end()) {
        const registry::declaration* declared = option_of(chosen->second->content, value.name);
        const std::string text = registry::value_text(declared->type, *registry::read_value(*declared, value.node));
        if (text != decided->second.first)
            return dead_end(s, fail(status::unsolvable, by.where, "the option `{}.{}` can't be both {} and {}", component, value.name, decided->second.first, text).add({"set by", by.who, by.where}));
    }
    return true;
}

bool search::fill_image_scope(search_state& s, const std::string& signature, const std::string& component, const registry::requirement& versions, const asker& by, const std::string& parent) {
    s.signatures[signature].push_back({versions, "", by});
    s.image_scope[signature] = component;
    s.wiring[signature] = component;
    return want(s, component, {versions, signature, by}, parent);
}

// Instances (or, for image scope, components) that may fill a hole, the preferred first.
std::vector<std::string> search::candidates_for(const search_state& s, const std::string& hole, const std::string& signature, bool image_scope, std::vector<note>& why_not) const {
    const auto only = world_.uses.find(hole);
    std::vector<std::string> names;
    if (only != world_.uses.end()) {
        names.push_back(only->second.filler);
    } else {
        if (const auto all = world_.components.implementers(signature)) names = *all;
        else if (!world_.problem) world_.problem = all.error();
        if (!image_scope) {
            for (const auto& [name, instance] : world_.instances) {
                if (std::ranges::find(names, instance.component) != names.end() && std::ranges::find(names, name) == names.end()) names.push_back(name);
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
            if (!provides(s, entry->content, signature, {})) {
                reason = fmt::format("it doesn't implement `{}`", signature);
                continue;
            }
            if (const auto at = s.chosen.find(instance->component); at != s.chosen.end() && at->second != entry) continue;
            if (!fits(s, *entry, &reason, &where)) continue;
            // A default instance has nobody who could give it what it must be told.
            possible = true;
            for (const registry::declaration& setting : entry->content.settings) {
                if (setting.fallback || setting.optional) continue;
                const bool given = std::ranges::any_of(instance->with, [&](const auto& value) { return value.name == setting.name; });
                if (!given) {
                    reason = fmt::format("it has to be told its `{}`: say `use: {}, with: {{{}: …}}`", setting.name, instance->component, setting.name);
                    possible = false;
                }
            }
        }
        if (!possible) {
            why_not.push_back({"looked at", fmt::format("`{}`: {}", name, reason), where});
            continue;
        }
        const bool reached = image_scope ? s.parents.contains(name) : std::ranges::find(s.instances, name) != s.instances.end() || instance->named;
        std::size_t preferred = 0;
        const auto& prefers = world_.target->content.target->prefers;
        while (preferred < prefers.size() && !(prefers[preferred].first.name == signature && prefers[preferred].second == name)) ++preferred;
        ordered.emplace_back(!reached, preferred, name);
    }
    std::ranges::sort(ordered);
    std::vector<std::string> result;
    for (auto& [reached, preferred, name] : ordered) result.push_back(name);
    return result;
}

bool search::decide_require(search_state& s, const std::string& component, std::size_t index) {
    const recipe& content = component.empty() ? world_.manifest : s.chosen.at(component)->content;
    const registry::require& one = content.requires_[index];
    if (!holds(s, one.when, component)) return true;
    const asker by = asker_of(s, component, one.where);

    struct option {
        std::size_t choice;
        std::string provider; ///< of a signature of scope image
        bool satisfied;
    };
    std::vector<option> options;
    std::vector<note> reasons;
    for (std::size_t i = 0; i < one.choices.size(); ++i) {
        const registry::dependency& wanted = one.choices[i].component;
        if (const registry::entry* signature = world_.signature(wanted.name)) {
            if (!signature->content.signature->image_scope) {
                return dead_end(s, fail(status::input, one.where, "{} requires the signature `{}`, which instances fill", by.who, wanted.name)
                                       .hint("`needs:` asks for an instance; a library that is generic over it says `over:`"));
            }
            if (const auto at = s.image_scope.find(wanted.name); at != s.image_scope.end()) {
                options.push_back({i, at->second, true});
            } else {
                for (const std::string& provider : candidates_for(s, wanted.name, wanted.name, true, reasons)) options.push_back({i, provider, false});
            }
        } else {
            const auto at = s.chosen.find(wanted.name);
            options.push_back({i, "", s.parents.contains(wanted.name) && (at == s.chosen.end() || wanted.versions.matches(at->second->content.id))});
        }
    }
    if (one.choices.size() > 1) {
        std::ranges::stable_sort(options, {}, [](const option& o) { return !o.satisfied; });
        const std::string name = alternative_name(component.empty() ? world_.manifest.name : component, one);
        if (const auto locked = soft_.alternatives.find(name); locked != soft_.alternatives.end())
            std::erase_if(options, [&](const option& o) { return one.choices[o.choice].component.name != locked->second; });
    }
    std::erase_if(options, [&](const option& o) {
        const auto locked = soft_.wiring.find(one.choices[o.choice].component.name);
        return !o.provider.empty() && locked != soft_.wiring.end() && o.provider != locked->second;
    });
    if (options.empty()) {
        error e = fail(status::unsolvable, one.where, "nothing provides `{}` on target `{}`", one.choices.front().component.name, world_.target->content.name);
        e.add({"needed by", by.who, one.where});
        for (note& reason : reasons) e.add(std::move(reason));
        return dead_end(s, std::move(e));
    }
    std::vector<apply> candidates;
    for (const option& o : options) {
        candidates.push_back([this, o, &one, by, component](search_state& t) {
            const registry::require::choice& choice = one.choices[o.choice];
            if (one.choices.size() > 1) t.alternatives[alternative_name(component.empty() ? world_.manifest.name : component, one)] = choice.component.name;
            const std::string& name = o.provider.empty() ? choice.component.name : o.provider;
            for (const registry::written_value& value : choice.options) {
                if (!set_option(t, name, value, by)) return false;
            }
            if (!o.provider.empty()) return fill_image_scope(t, choice.component.name, o.provider, choice.component.versions, by, component);
            return want(t, name, {choice.component.versions, "", by}, component);
        });
    }
    return choose(s, candidates);
}

bool search::reaches(const search_state& s, const std::string& from, const std::string& to, std::vector<std::string>& path) const {
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
        return dead_end(s, fail(status::unsolvable, need.signature.where, "there is no signature `{}`{}", signature, base::did_you_mean(signature, world_.components.names()))
                               .add({"needed by", fmt::format("{}, as `{}`", by.who, need.label), need.where}));
    }
    if (need.optional && preset.empty() && !world_.uses.contains(hole)) {
        s.wiring[hole] = "";
        if (!owner.empty()) s.holes[owner].emplace_back(need.label, "");
        return true;
    }
    std::vector<note> reasons;
    std::vector<std::string> names;
    if (preset.empty()) names = candidates_for(s, hole, signature, false, reasons);
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
    const auto not_this = [&](const std::string& name, std::string reason, base::place where = {}) { reasons.push_back({"looked at", fmt::format("`{}`: {}", name, reason), std::move(where)}); };
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
                if (together && !shares) not_this(name, fmt::format("`{}` is to be the same as `{}`, which `{}` fills", need.label, other.label, at->second)), refused = true;
                else if (!together && shares && other.signature.name == signature)
                    not_this(name, fmt::format("it fills `{}` already, and the two would share it silently", other.label), other.where), refused = true;
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
                    not_this(name, fmt::format("`{}` can be there once only, and is, as `{}`", filler->component, other), at->second->content.where), refused = true;
                if (refused) break;
            }
        }
        if (std::vector<std::string> path; !refused && !owner.empty() && reaches(s, name, owner, path)) {
            path.insert(path.begin(), owner);
            not_this(name, fmt::format("the wiring would be a cycle: {}", base::join(path, " → ")));
            refused = true;
        }
        if (refused) continue;
        candidates.push_back([this, name, hole, owner, &need, by, component = filler->component, exclusive = known->content.signature->exclusive](search_state& t) {
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
        error e = fail(status::unsolvable, need.where, "nothing fills `{}` of {}: `{} {}` on target `{}`", need.label, by.who, signature, need.signature.versions.text(), world_.target->content.name);
        e.add({"needed by", by.who, need.where});
        if (const auto use = world_.uses.find(hole); use != world_.uses.end()) e.add({"to be filled by", fmt::format("`{}`", use->second.filler), use->second.where});
        for (note& reason : reasons) e.add(std::move(reason));
        e.add({"looked in", fmt::format("registry `{}`", world_.components.name()), {}});
        if (reasons.empty()) e.hint(fmt::format("no component there implements `{}`", signature));
        else e.hint(fmt::format("name what is to fill it: `{}: {{signature: {} {}, use: …}}`", need.label, signature, need.signature.versions.text()));
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
                return dead_end(s, fail(status::unsolvable, content.where, "`{}` can be in an image once only, and would be there as `{}` and `{}`", instance->component, other, name)
                                       .hint("let both needs share it (`same:`), or fill one with another component"));
            }
        }
    }
    return true;
}

// A `when` may have been decided with a value that somebody sets elsewhere; then somebody in the image has to.
bool search::options_are_set(const search_state& s) {
    for (const auto& [component, decided] : s.options) {
        const recipe& content = s.chosen.at(component)->content;
        for (const auto& [name, value] : decided) {
            const registry::declaration& declared = *option_of(content, name);
            const auto manifest = world_.set.find(component);
            const auto sets = s.sets.find(component);
            const bool is_set = (manifest != world_.set.end() && manifest->second.contains(name)) ||
                                (sets != s.sets.end() && std::ranges::any_of(sets->second, [&](const auto& one) { return std::get<0>(one) == name; }));
            if (is_set || (declared.fallback && registry::value_text(declared.type, *declared.fallback) == value.first)) continue;
            return dead_end(s, fail(status::unsolvable, declared.where, "nothing in the image sets `{}.{}` to {}", component, name, value.first));
        }
    }
    return true;
}

// Last, by name: the locked version, else the newest, of each signature that is in the image.
bool search::decide_signatures(search_state& s) {
    if (!options_are_set(s)) return false;
    std::map<std::string, std::vector<std::pair<registry::version, std::string>>> provided;
    const auto provide = [&](const std::string& signature, const std::string& component) {
        const recipe& content = s.chosen.at(component)->content;
        if (const auto* by = provides(s, content, signature, {})) provided[signature].emplace_back(by->provides, called(*s.chosen.at(component)));
    };
    for (const auto& [signature, component] : s.image_scope) provide(signature, component);
    for (const std::string& name : s.instances) {
        const std::string component = world_.instance(name)->component;
        for (const registry::implementation& one : s.chosen.at(component)->content.implements) {
            if (s.signatures.contains(one.signature.name)) provide(one.signature.name, component);
        }
    }
    for (const auto& [name, asked] : s.signatures) {
        const auto decided = s.chosen_signatures.find(name);
        std::vector<apply> candidates;
        std::vector<note> reasons;
        std::vector<registry::version> versions = world_.components.versions(name);
        if (const auto locked = soft_.signature_preference.find(name); locked != soft_.signature_preference.end())
            std::ranges::stable_sort(versions, {}, [&](const registry::version& v) { return v.text() != locked->second; });
        for (const registry::version& id : versions) {
            const registry::entry* entry = world_.find(name, id);
            if (!entry || (decided != s.chosen_signatures.end() && decided->second != entry)) continue;
            std::string reason;
            base::place where;
            for (const constraint& one : asked) {
                if (!one.versions.matches(id)) reason = fmt::format("{} wants `{}`", one.by.who, one.versions.text()), where = one.by.where;
            }
            for (const auto& [version, component] : provided[name]) {
                if (!serves(id, version)) reason = fmt::format("`{}` implements {}", component, version.text_short());
            }
            if (!reason.empty()) {
                reasons.push_back({"looked at", fmt::format("`{} {}`: {}", name, id.text(), reason), where});
                continue;
            }
            candidates.push_back([this, name, entry](search_state& t) {
                t.chosen_signatures[name] = entry;
                for (const registry::require& one : entry->content.requires_) {
                    const registry::dependency& wanted = one.choices.front().component;
                    const asker by{fmt::format("`{}`", called(*entry)), one.where};
                    if (world_.signature(wanted.name)) t.signatures[wanted.name].push_back({wanted.versions, "", by});
                    else if (!want(t, wanted.name, {wanted.versions, "", by}, name)) return false;
                }
                return true;
            });
        }
        if (candidates.empty()) {
            error e = fail(status::unsolvable, asked.front().by.where, "no version of the signature `{}` suits everybody in this image", name);
            for (const constraint& one : asked) e.add({"needed by", fmt::format("{}, which wants `{}`", one.by.who, one.versions.text()), one.by.where});
            for (note& one : reasons) e.add(std::move(one));
            return dead_end(s, std::move(e));
        }
        if (decided != s.chosen_signatures.end()) continue;
        return choose(s, candidates); // and come back for the next
    }
    s.complete = s.later.empty();
    return true;
}

std::optional<search_state> search::run() {
    search_state s;
    for (std::size_t i = 0; i < world_.manifest.requires_.size(); ++i) s.now.push_back({step::type::requires_, "", i});
    for (std::size_t i = 0; i < world_.manifest.needs.size(); ++i) s.now.push_back({step::type::need, "", i});
    for (const registry::dependency& one : world_.manifest.over) s.signatures[one.name].push_back({one.versions, "", {fmt::format("`{}`", world_.manifest.name), one.where}});
    const std::string target = world_.target->content.name;
    s.parents.try_emplace(target, std::pair{std::string{}, asker{fmt::format("`{}`", world_.manifest.name), world_.variant.where}});
    s.later.push_back({step::type::component, target});
    solved_ = false;
    if (!solve(s)) return std::nullopt;
    return s;
}

} // namespace uk::resolver
