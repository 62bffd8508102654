// Every solution of a small universe, by trying everything and checking each whole. For brute.cpp only.
#pragma once

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "resolver/resolver.hpp"

namespace uk::resolver::testing {

using registry::entry;
using registry::recipe;
using texts = std::map<std::string, std::string>;

struct solution {
    std::map<std::string, const entry*> chosen, signatures;
    std::map<std::string, texts> options;
    texts wiring, alternatives;
    std::set<std::string> instances;
};

struct task {
    enum class type { component, require, need } kind;
    std::string name; // component or instance; "" is the manifest
    std::size_t index = 0;
};

inline std::string alternative(const std::string& owner, const registry::require& one) {
    std::string text = owner + ":";
    for (const auto& choice : one.choices)
        text += (&choice == &one.choices.front() ? " " : " | ") + choice.component.name;
    return text;
}

class listing {
  public:
    listing(const request& what, std::size_t most) : what_{what}, manifest_{*what.manifest}, most_{most} {
        for (const std::string& name : what.components->names()) {
            for (const auto& id : what.components->versions(name))
                all_[name].push_back(*what.components->find(name, id));
        }
        target_ = all_.at(what.variant->target).front();
        for (const auto& [name, versions] : all_) {
            if (!is_signature(name)) named_[name] = name;
        }
        for (const auto* list : {&target_->content.instances, &manifest_.instances, &what.variant->instances}) {
            for (const auto& one : *list) named_[one.name] = one.use;
        }
        for (const auto* list : {&manifest_.instances, &what.variant->instances}) {
            for (const auto& one : *list) by_manifest_.insert(one.name);
        }
        for (const auto& need : manifest_.needs) {
            if (!need.use.empty()) uses_[need.label] = need.use;
        }
        for (const auto& [hole, filler] : what.variant->use) uses_[hole] = filler;
        for (const auto& [label, other] : what.variant->same) same_[label] = other;
    }

  protected:
    bool is_signature(const std::string& name) const {
        return all_.contains(name) && all_.at(name).front()->content.signature.has_value();
    }
    bool is_image(const std::string& name) const {
        return is_signature(name) && all_.at(name).front()->content.signature->image_scope;
    }
    const recipe& of(const solution& s, const std::string& component) const {
        return component.empty() ? manifest_ : s.chosen.at(component)->content;
    }
    std::string component_of(const std::string& instance) const { return instance.empty() ? "" : named_.at(instance); }

    bool holds(const solution& s, const registry::condition& when, const std::string& component) const {
        return when.holds([&](std::string_view name) -> std::optional<std::string> {
            if (name == "target.arch") return target_->content.target->architecture;
            if (name == "target.family") return target_->content.target->family;
            if (name == "target.name") return target_->content.name;
            if (name == "target.profile") return what_.variant->profile;
            if (!s.options.contains(component)) return std::nullopt;
            const auto at = s.options.at(component).find(std::string{name.substr(7)});
            return at == s.options.at(component).end() ? std::nullopt : std::optional{at->second};
        });
    }

    static std::set<std::string> asked_options(const recipe& content) {
        std::set<std::string> names = content.when.options();
        for (const auto& one : content.requires_) names.merge(one.when.options());
        for (const auto& one : content.needs) names.merge(one.when.options());
        for (const auto& one : content.conflicts) names.merge(one.when.options());
        for (const auto& one : content.implements) names.merge(one.when.options());
        return names;
    }

    // Values that anybody anywhere sets, the default first.
    std::vector<std::string> values_of(const recipe& content, const registry::declaration& option) const {
        std::vector<std::string> values;
        const auto add = [&](const std::string& component, const registry::written_value& value) {
            if (component != content.name || value.name.substr(value.name.rfind('.') + 1) != option.name) return;
            if (const auto read = registry::read_value(option, value.node)) {
                const auto text = registry::value_text(option.type, *read);
                if (std::ranges::find(values, text) == values.end()) values.push_back(text);
            }
        };
        values.push_back(registry::value_text(option.type, *option.fallback));
        for (const auto* set : {&manifest_.set, &what_.variant->set}) {
            for (const auto& one : *set) add(one.name.substr(0, one.name.rfind('.')), one);
        }
        const auto add_all = [&](const recipe& from) {
            for (const auto& one : from.requires_)
                for (const auto& choice : one.choices)
                    for (const auto& value : choice.options) add(choice.component.name, value);
        };
        add_all(manifest_);
        for (const auto& [name, versions] : all_)
            for (const entry* one : versions) add_all(one->content);
        return values;
    }

    void list(const solution& s, std::deque<task> todo) {
        if (++steps_ > most_) over_ = true;
        if (over_) return;
        if (todo.empty()) return list_signatures(s);
        const task next = todo.front();
        todo.pop_front();
        switch (next.kind) {
        case task::type::component: return list_versions(s, todo, next.name);
        case task::type::require: return list_require(s, todo, next);
        case task::type::need: return list_need(s, todo, next);
        }
    }

    void list_versions(const solution& s, std::deque<task>& todo, const std::string& name) {
        if (s.chosen.contains(name)) return list(s, todo);
        if (!all_.contains(name)) return;
        for (const entry* one : all_.at(name)) {
            if (one == target_ || name != target_->content.name) {
                std::vector<solution> some{s};
                some.front().chosen[name] = one;
                for (const auto& option : one->content.options) {
                    if (!asked_options(one->content).contains(option.name)) continue;
                    std::vector<solution> more;
                    for (const auto& before : some) {
                        for (const auto& value : values_of(one->content, option)) {
                            more.push_back(before);
                            more.back().options[name][option.name] = value;
                        }
                    }
                    some = std::move(more);
                }
                std::deque<task> then = todo;
                for (std::size_t i = 0; i < one->content.requires_.size(); ++i)
                    then.push_back({task::type::require, name, i});
                for (const auto& each : some) list(each, then);
            }
        }
    }

    void list_require(const solution& s, const std::deque<task>& todo, const task& at) {
        const auto& one = of(s, at.name).requires_[at.index];
        if (!holds(s, one.when, at.name)) return list(s, todo);
        for (const auto& choice : one.choices) {
            const std::string& name = choice.component.name;
            solution t = s;
            if (one.choices.size() > 1)
                t.alternatives[alternative(at.name.empty() ? manifest_.name : at.name, one)] = name;
            std::vector<std::string> components{name};
            if (is_image(name)) {
                components.clear();
                if (s.wiring.contains(name)) components.push_back(s.wiring.at(name));
                else {
                    for (const auto& [other, versions] : all_) {
                        if (std::ranges::any_of(versions, [&](const entry* e) {
                                return std::ranges::any_of(e->content.implements,
                                                           [&](const auto& i) { return i.signature.name == name; });
                            }))
                            components.push_back(other);
                    }
                }
            }
            for (const std::string& component : components) {
                solution u = t;
                if (is_image(name)) u.wiring[name] = component;
                std::deque<task> then = todo;
                then.push_back({task::type::component, component});
                list(u, then);
            }
        }
    }

    void list_need(const solution& s, const std::deque<task>& todo, const task& at) {
        const std::string component = component_of(at.name);
        const auto& need = of(s, component).needs[at.index];
        if (!holds(s, need.when, component)) return list(s, todo);
        const std::string hole = at.name.empty() ? need.label : at.name + "/" + need.label;
        if (need.optional && !uses_.contains(hole)) {
            solution t = s;
            t.wiring[hole] = "";
            return list(t, todo);
        }
        for (const auto& [name, use] : named_) {
            if (!std::ranges::any_of(all_.at(use), [&](const entry* e) {
                    return std::ranges::any_of(e->content.implements,
                                               [&](const auto& i) { return i.signature.name == need.signature.name; });
                }))
                continue;
            solution t = s;
            t.wiring[hole] = name;
            std::deque<task> then = todo;
            if (t.instances.insert(name).second) {
                then.push_back({task::type::component, use});
                list_holes(t, then, name);
            } else {
                list(t, then);
            }
        }
    }

    // An instance's holes can be listed once its component's version is known.
    void list_holes(const solution& s, std::deque<task>& todo, const std::string& instance) {
        const std::string component = component_of(instance);
        if (s.chosen.contains(component)) {
            for (std::size_t i = 0; i < s.chosen.at(component)->content.needs.size(); ++i)
                todo.push_back({task::type::need, instance, i});
            return list(s, todo);
        }
        for (const entry* one : all_.at(component)) {
            std::vector<solution> some{s};
            some.front().chosen[component] = one;
            for (const auto& option : one->content.options) {
                if (!asked_options(one->content).contains(option.name)) continue;
                std::vector<solution> more;
                for (const auto& before : some) {
                    for (const auto& value : values_of(one->content, option)) {
                        more.push_back(before);
                        more.back().options[component][option.name] = value;
                    }
                }
                some = std::move(more);
            }
            std::deque<task> then = todo;
            for (std::size_t i = 0; i < one->content.requires_.size(); ++i)
                then.push_back({task::type::require, component, i});
            for (std::size_t i = 0; i < one->content.needs.size(); ++i) then.push_back({task::type::need, instance, i});
            for (const auto& each : some) list(each, then);
        }
    }

    // Every signature that is asked for in a version.
    std::map<std::string, std::vector<registry::requirement>> signatures_asked(const solution& s) const {
        std::map<std::string, std::vector<registry::requirement>> asked;
        for (const auto& one : manifest_.over) asked[one.name].push_back(one.versions);
        const auto needs = [&](const std::string& instance, const recipe& content) {
            for (const auto& need : content.needs) {
                const auto at = s.wiring.find(instance.empty() ? need.label : instance + "/" + need.label);
                if (at != s.wiring.end() && !at->second.empty() && holds(s, need.when, component_of(instance)))
                    asked[need.signature.name].push_back(need.signature.versions);
            }
        };
        needs("", manifest_);
        for (const auto& name : s.instances) needs(name, of(s, component_of(name)));
        const auto requires_ = [&](const std::string& owner, const recipe& content) {
            for (const auto& one : content.requires_) {
                if (!holds(s, one.when, owner)) continue;
                for (const auto& choice : one.choices) {
                    if (!is_image(choice.component.name)) continue;
                    if (one.choices.size() == 1 || s.alternatives.at(alternative(owner.empty() ? manifest_.name : owner,
                                                                                 one)) == choice.component.name)
                        asked[choice.component.name].push_back(choice.component.versions);
                }
            }
        };
        requires_("", manifest_);
        for (const auto& [name, one] : s.chosen) {
            requires_(name, one->content);
            for (const auto& o : one->content.over) asked[o.name].push_back(o.versions);
        }
        for (const auto& [name, one] : s.signatures)
            for (const auto& r : one->content.requires_)
                asked[r.choices.front().component.name].push_back(r.choices.front().component.versions);
        return asked;
    }

    void list_signatures(const solution& s) {
        if (!is_valid(s)) return;
        add_signatures(s);
    }

    void add_signatures(const solution& s) {
        const auto asked = signatures_asked(s);
        for (const auto& [name, requirements] : asked) {
            if (s.signatures.contains(name)) continue;
            if (!is_signature(name)) return;
            for (const entry* one : all_.at(name)) {
                solution t = s;
                t.signatures[name] = one;
                add_signatures(t);
            }
            return;
        }
        for (const auto& [name, requirements] : asked) {
            const auto& id = s.signatures.at(name)->content.id;
            for (const auto& one : requirements)
                if (!one.matches(id)) return;
            const auto serves = [&](const std::string& component) {
                for (const auto& i : s.chosen.at(component)->content.implements) {
                    if (i.signature.name != name || !holds(s, i.when, component)) continue;
                    if (id.major != i.provides.major || (id.major == 0 && id.minor != i.provides.minor) ||
                        id < i.provides)
                        return false;
                }
                return true;
            };
            for (const auto& instance : s.instances)
                if (!serves(component_of(instance))) return;
            if (is_image(name) && s.wiring.contains(name) && !serves(s.wiring.at(name))) return;
        }
        found_.push_back(s);
    }

    const registry::implementation* provides(const solution& s, const std::string& component,
                                             const std::string& signature) const {
        for (const auto& one : s.chosen.at(component)->content.implements)
            if (one.signature.name == signature && holds(s, one.when, component)) return &one;
        return nullptr;
    }

    bool is_cyclic(const solution& s, const std::string& from, std::set<std::string> above) const {
        if (!above.insert(from).second) return true;
        for (const auto& [hole, filler] : s.wiring)
            if (!filler.empty() && hole.starts_with(from + "/") && is_cyclic(s, filler, above)) return true;
        return false;
    }

    bool set_values(const solution& s, std::map<std::string, texts>& values) const {
        const auto set = [&](const std::string& component, const std::string& option,
                             const registry::written_value& value) {
            if (!s.chosen.contains(component)) return true;
            const auto& options = s.chosen.at(component)->content.options;
            const auto declared = std::ranges::find(options, option, &registry::declaration::name);
            if (declared == options.end()) return false;
            const auto read = registry::read_value(*declared, value.node);
            if (!read) return false;
            const auto text = registry::value_text(declared->type, *read);
            return values[component].emplace(option, text).first->second == text;
        };
        for (const auto* list : {&manifest_.set, &what_.variant->set})
            for (const auto& one : *list)
                if (!set(one.name.substr(0, one.name.rfind('.')), one.name.substr(one.name.rfind('.') + 1), one))
                    return false;
        const auto all_of = [&](const std::string& owner, const recipe& content) {
            for (const auto& one : content.requires_) {
                if (!holds(s, one.when, owner)) continue;
                for (const auto& choice : one.choices) {
                    if (one.choices.size() > 1 && s.alternatives.at(alternative(owner.empty() ? manifest_.name : owner,
                                                                                one)) != choice.component.name)
                        continue;
                    const std::string& component =
                        is_image(choice.component.name) ? s.wiring.at(choice.component.name) : choice.component.name;
                    for (const auto& value : choice.options)
                        if (!set(component, value.name, value)) return false;
                }
            }
            return true;
        };
        if (!all_of("", manifest_)) return false;
        for (const auto& [name, one] : s.chosen)
            if (!all_of(name, one->content)) return false;
        for (const auto& [name, one] : s.chosen)
            for (const auto& option : one->content.options)
                if (option.fallback)
                    values[name].emplace(option.name, registry::value_text(option.type, *option.fallback));
        return true;
    }

    bool is_valid(const solution& s) const {
        std::map<std::string, texts> values;
        if (!set_values(s, values)) return false;
        for (const auto& [component, some] : s.options)
            for (const auto& [name, value] : some)
                if (values[component].at(name) != value) return false;
        const auto conflicts = [&](const std::string& owner, const recipe& content) {
            for (const auto& one : content.conflicts) {
                const auto& other = one.choices.front().component;
                if (holds(s, one.when, owner) && s.chosen.contains(other.name) &&
                    other.versions.matches_any(s.chosen.at(other.name)->content.id))
                    return true;
            }
            return false;
        };
        const auto satisfied = [&](const std::string& owner, const recipe& content) {
            for (const auto& one : content.requires_) {
                if (!holds(s, one.when, owner)) continue;
                for (const auto& choice : one.choices) {
                    const std::string& name = choice.component.name;
                    if (one.choices.size() > 1 &&
                        s.alternatives.at(alternative(owner.empty() ? manifest_.name : owner, one)) != name)
                        continue;
                    if (is_image(name)) {
                        const auto* by = provides(s, s.wiring.at(name), name);
                        if (!by || !choice.component.versions.matches(by->provides)) return false;
                        if (uses_.contains(name) && uses_.at(name) != s.wiring.at(name)) return false;
                    } else if (is_signature(name) || !choice.component.versions.matches(s.chosen.at(name)->content.id))
                        return false;
                }
            }
            return true;
        };
        if (conflicts("", manifest_) || !satisfied("", manifest_)) return false;
        std::map<std::string, int> images;
        for (const auto& [name, one] : s.chosen) {
            if (!holds(s, one->content.when, name) || conflicts(name, one->content) || !satisfied(name, one->content))
                return false;
            for (const auto& i : one->content.implements)
                if (is_image(i.signature.name) && holds(s, i.when, name) && ++images[i.signature.name] > 1)
                    return false;
        }
        std::map<std::string, int> fills;
        for (const auto& [hole, filler] : s.wiring) {
            if (filler.empty() || is_image(hole)) continue;
            const auto slash = hole.find('/');
            const std::string owner = slash == std::string::npos ? "" : hole.substr(0, slash);
            const auto& needs = of(s, component_of(owner)).needs;
            const auto need = std::ranges::find(needs, slash == std::string::npos ? hole : hole.substr(slash + 1),
                                                &registry::need::label);
            const auto* by = provides(s, component_of(filler), need->signature.name);
            if (!by || !need->signature.versions.matches(by->provides)) return false;
            if (uses_.contains(hole) && uses_.at(hole) != filler) return false;
            if (all_.at(need->signature.name).front()->content.signature->exclusive &&
                ++fills[filler + " " + need->signature.name] > 1)
                return false;
            if (is_cyclic(s, filler, {})) return false;
        }
        const auto root = [&](std::string label) {
            while (same_.contains(label)) label = same_.at(label);
            return label;
        };
        for (const auto& a : manifest_.needs) {
            for (const auto& b : manifest_.needs) {
                if (&a >= &b || !s.wiring.contains(a.label) || !s.wiring.contains(b.label) ||
                    s.wiring.at(a.label).empty() || s.wiring.at(b.label).empty())
                    continue;
                const bool together = root(a.label) == root(b.label),
                           shares = s.wiring.at(a.label) == s.wiring.at(b.label);
                if (together && !shares) return false;
                if (!together && shares && a.signature.name == b.signature.name) return false;
            }
        }
        std::map<std::string, int> uses;
        for (const auto& name : s.instances)
            if (++uses[component_of(name)] > 1 && of(s, component_of(name)).singleton) return false;
        return true;
    }

    const request& what_;
    const recipe& manifest_;
    std::size_t most_, steps_ = 0;
    bool over_ = false;
    const entry* target_ = nullptr;
    std::map<std::string, std::vector<const entry*>> all_; // newest first
    texts named_, uses_, same_;
    std::set<std::string> by_manifest_;
    std::vector<solution> found_;
};

} // namespace uk::resolver::testing
