// What a version, an option and a condition depend on: is it possible with what was decided so far?
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

std::string called(const registry::entry& entry) {
    return fmt::format("{} {}", entry.content.name, entry.content.id.text());
}

const registry::declaration* option_of(const recipe& content, const std::string& name) {
    const auto at = std::ranges::find(content.options, name, &registry::declaration::name);
    return at == content.options.end() ? nullptr : &*at;
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
    return of != s.options.end() &&
           std::ranges::all_of(names, [&](const std::string& name) { return of->second.contains(name); });
}

// The implementation of `signature` that counts; one that hangs on an option without a value yet counts as long as its
// version would do.
const registry::implementation* search::provides(const search_state& s, const recipe& content,
                                                 const std::string& signature,
                                                 const registry::requirement& versions) const {
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
    if (const auto at = soft_.versions.find(content.name);
        at != soft_.versions.end() && !at->second.contains(content.id.text()))
        return no("the lock has another version", content.where);
    if (const auto at = s.wanted.find(content.name); at != s.wanted.end()) {
        for (const constraint& one : at->second) {
            if (one.provides.empty()) {
                if (!one.versions.matches(content.id))
                    return no(fmt::format("{} wants `{} {}`", one.by.who, content.name, one.versions.text()),
                              one.by.where);
            } else {
                const auto* by = provides(s, content, one.provides, one.versions);
                if (!by) return no(fmt::format("it doesn't implement `{}`", one.provides), content.where);
                if (!one.versions.matches(by->provides))
                    return no(fmt::format("it implements `{} {}`, and {} wants `{}`", one.provides,
                                          by->provides.text_short(), one.by.who, one.versions.text()),
                              by->where);
            }
        }
    }
    // Conflicts of the manifest, of what is there with this, and of this with what is there.
    const auto bans = [&](const recipe& owner, const registry::require& one, const std::string& name,
                          const registry::version& id) {
        const registry::dependency& other = one.choices.front().component;
        return other.name == name && is_decided(s, one.when, owner.name) && holds(s, one.when, owner.name) &&
               other.versions.matches_any(id);
    };
    for (const registry::require& one : world_.manifest.conflicts) {
        if (bans(world_.manifest, one, content.name, content.id))
            return no(fmt::format("`{}` conflicts with it", world_.manifest.name), one.where);
    }
    for (const registry::require& one : content.conflicts) {
        const registry::dependency& other = one.choices.front().component;
        const auto at = s.chosen.find(other.name);
        if (bans(content, one, content.name, content.id) ||
            (at != s.chosen.end() && bans(content, one, other.name, at->second->content.id)))
            return no(fmt::format("it conflicts with `{} {}`", other.name, other.versions.text()), one.where);
    }
    for (const auto& [name, entry_there] : s.chosen) {
        for (const registry::require& one : entry_there->content.conflicts) {
            if (bans(entry_there->content, one, content.name, content.id))
                return no(fmt::format("`{}` conflicts with it", called(*entry_there)), one.where);
        }
    }
    // What an image has once has one provider.
    for (const registry::implementation& one : content.implements) {
        const std::string& signature = one.signature.name;
        if (!world_.is_image_scope(signature) || !is_decided(s, one.when, content.name) ||
            !holds(s, one.when, content.name))
            continue;
        if (const auto at = s.image_scope.find(signature); at != s.image_scope.end() && at->second != content.name)
            return no(fmt::format("it provides `{}`, and `{}` does so already", signature, at->second), one.where);
        for (const auto& [name, there] : s.chosen) {
            if (name == content.name) continue;
            for (const registry::implementation& other : there->content.implements) {
                if (other.signature.name == signature && is_decided(s, other.when, name) && holds(s, other.when, name))
                    return no(fmt::format("it provides `{}`, and `{}` does so already", signature, called(*there)),
                              one.where);
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
            return no(fmt::format("{} sets its option `{}` to {}, and {} to {}", by.who, option, text,
                                  at->second.second.who, at->second.first),
                      by.where);
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
        if (const auto value = at->second.find(declared.name); value != at->second.end())
            add(value->second.first), bound = true;
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
            return dead_end(t, fail(status::unsolvable, where, "`{}` doesn't fit with {} = {}: {}", called(entry),
                                    declared.name, value, reason));
        });
    }
    return choose(s, candidates);
}

bool search::set_option(search_state& s, const std::string& component, const registry::written_value& value,
                        const asker& by) {
    s.sets[component].emplace_back(value.name, value, by);
    const auto chosen = s.chosen.find(component);
    if (chosen == s.chosen.end()) return true;
    std::string reason;
    base::place where;
    if (!fits(s, *chosen->second, &reason, &where))
        return dead_end(s, fail(status::unsolvable, by.where, "`{}` doesn't fit: {}", called(*chosen->second), reason));
    // A `when` may have been decided with another value.
    if (const auto decided = s.options[component].find(value.name); decided != s.options[component].end()) {
        const registry::declaration* declared = option_of(chosen->second->content, value.name);
        const std::string text = registry::value_text(declared->type, *registry::read_value(*declared, value.node));
        if (text != decided->second.first)
            return dead_end(s, fail(status::unsolvable, by.where, "the option `{}.{}` can't be both {} and {}",
                                    component, value.name, decided->second.first, text)
                                   .add({"set by", by.who, by.where}));
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
                                (sets != s.sets.end() && std::ranges::any_of(sets->second, [&](const auto& one) {
                                     return std::get<0>(one) == name;
                                 }));
            if (is_set || (declared.fallback && registry::value_text(declared.type, *declared.fallback) == value.first))
                continue;
            return dead_end(s, fail(status::unsolvable, declared.where, "nothing in the image sets `{}.{}` to {}",
                                    component, name, value.first));
        }
    }
    return true;
}

} // namespace uk::resolver
