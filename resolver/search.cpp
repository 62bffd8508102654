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
            failure_ = error{status::unsolvable, fmt::format("gave up after {} steps", most_steps),
                             world_.variant.where, "say more in uk.yaml: `use:` for its needs, narrower versions"};
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
            e.add({"needed by",
                   fmt::format("{}, which wants `{}`", one.by.who,
                               one.provides.empty() ? component + " " + one.versions.text()
                                                    : one.provides + " " + one.versions.text()),
                   one.by.where});
        return dead_end(s, std::move(e));
    }
    if (s.parents.try_emplace(component, std::pair{parent, c.by}).second)
        s.later.push_back({step::type::component, component});
    return true;
}

bool search::decide_component(search_state& s, const std::string& name) {
    if (s.chosen.contains(name)) return true;
    std::vector<apply> candidates;
    std::vector<note> reasons;
    for (const registry::version& id : world_.components.versions(name)) {
        const registry::entry* entry = world_.find(name, id);
        if (!entry) {
            if (world_.problem)
                reasons.push_back({"looked at",
                                   fmt::format("`{} {}`, whose recipe can't be read: {}", name, id.text(),
                                               world_.problem->diagnostics().front().message),
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
            for (const registry::dependency& one : content.over)
                t.signatures[one.name].push_back({one.versions, "", asker_of(t, name, one.where)});
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
            for (std::size_t i = 0; i < content.requires_.size(); ++i)
                steps.push_back({step::type::requires_, name, i});
            t.now.insert(t.now.begin(), steps.begin(), steps.end());
            return true;
        });
    }
    if (candidates.empty()) {
        const auto wanted = s.wanted.find(name);
        error e = world_.components.versions(name).empty()
                      ? fail(status::unsolvable, {}, "there is no component `{}`{}", name,
                             base::did_you_mean(name, world_.components.names()))
                      : fail(status::unsolvable, {}, "no version of `{}` fits this image", name);
        if (wanted != s.wanted.end()) {
            for (const constraint& one : wanted->second)
                e.add({"needed by",
                       one.provides.empty()
                           ? fmt::format("{}, which wants `{} {}`", one.by.who, name, one.versions.text())
                           : fmt::format("{}, for `{} {}`", one.by.who, one.provides, one.versions.text()),
                       one.by.where});
        }
        for (note& one : reasons) e.add(std::move(one));
        e.add({"looked in", fmt::format("registry `{}`", world_.components.name()), {}});
        e.hint(reasons.empty()
                   ? "the name may be wrong, or the component belongs beside uk.yaml in recipes/NAME/VERSION/"
                   : "relax one of the requirements above, or name another component by `use:`");
        return dead_end(s, std::move(e));
    }
    return choose(s, candidates);
}

bool search::fill_image_scope(search_state& s, const std::string& signature, const std::string& component,
                              const registry::requirement& versions, const asker& by, const std::string& parent) {
    s.signatures[signature].push_back({versions, "", by});
    s.image_scope[signature] = component;
    s.wiring[signature] = component;
    return want(s, component, {versions, signature, by}, parent);
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
                return dead_end(
                    s, fail(status::input, one.where, "{} requires the signature `{}`, which instances fill", by.who,
                            wanted.name)
                           .hint("`needs:` asks for an instance; a library that is generic over it says `over:`"));
            }
            if (const auto at = s.image_scope.find(wanted.name); at != s.image_scope.end()) {
                options.push_back({i, at->second, true});
            } else {
                for (const std::string& provider : candidates_for(s, wanted.name, wanted, true, reasons))
                    options.push_back({i, provider, false});
            }
        } else {
            const auto at = s.chosen.find(wanted.name);
            options.push_back({i, "",
                               s.parents.contains(wanted.name) &&
                                   (at == s.chosen.end() || wanted.versions.matches(at->second->content.id))});
        }
    }
    if (one.choices.size() > 1) {
        std::ranges::stable_sort(options, {}, [](const option& o) { return !o.satisfied; });
        const std::string name = alternative_name(component.empty() ? world_.manifest.name : component, one);
        if (const auto locked = soft_.alternatives.find(name); locked != soft_.alternatives.end())
            std::erase_if(options,
                          [&](const option& o) { return one.choices[o.choice].component.name != locked->second; });
    }
    std::erase_if(options, [&](const option& o) {
        const auto locked = soft_.wiring.find(one.choices[o.choice].component.name);
        return !o.provider.empty() && locked != soft_.wiring.end() && o.provider != locked->second;
    });
    if (options.empty()) {
        error e = fail(status::unsolvable, one.where, "nothing provides `{}` on target `{}`",
                       one.choices.front().component.name, world_.target->content.name);
        e.add({"needed by", by.who, one.where});
        for (note& reason : reasons) e.add(std::move(reason));
        return dead_end(s, std::move(e));
    }
    std::vector<apply> candidates;
    for (const option& o : options) {
        candidates.push_back([this, o, &one, by, component](search_state& t) {
            const registry::require::choice& choice = one.choices[o.choice];
            if (one.choices.size() > 1)
                t.alternatives[alternative_name(component.empty() ? world_.manifest.name : component, one)] =
                    choice.component.name;
            const std::string& name = o.provider.empty() ? choice.component.name : o.provider;
            for (const registry::written_value& value : choice.options) {
                if (!set_option(t, name, value, by)) return false;
            }
            if (!o.provider.empty())
                return fill_image_scope(t, choice.component.name, o.provider, choice.component.versions, by, component);
            return want(t, name, {choice.component.versions, "", by}, component);
        });
    }
    return choose(s, candidates);
}

std::optional<search_state> search::run() {
    search_state s;
    for (std::size_t i = 0; i < world_.manifest.requires_.size(); ++i) s.now.push_back({step::type::requires_, "", i});
    for (std::size_t i = 0; i < world_.manifest.needs.size(); ++i) s.now.push_back({step::type::need, "", i});
    for (const registry::dependency& one : world_.manifest.over)
        s.signatures[one.name].push_back({one.versions, "", {fmt::format("`{}`", world_.manifest.name), one.where}});
    const std::string target = world_.target->content.name;
    s.parents.try_emplace(
        target, std::pair{std::string{}, asker{fmt::format("`{}`", world_.manifest.name), world_.variant.where}});
    s.later.push_back({step::type::component, target});
    solved_ = false;
    if (!solve(s)) return std::nullopt;
    return s;
}

} // namespace uk::resolver
