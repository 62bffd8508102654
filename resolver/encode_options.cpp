// Options: which values one may have, who sets them, when a condition on them holds.
#include <algorithm>

#include "resolver/encoding.hpp"

namespace uk::resolver::facts {

// Under the component's own name, and under those of signatures of scope image that it provides.
std::vector<index::setter> encoding::setters_of(number component, std::string_view name) const {
    std::vector<index::setter> all;
    const auto add = [&](std::string_view as_set) {
        if (const auto at = asked_setters_.find({as_set, name}); at != asked_setters_.end())
            all.insert(all.end(), at->second.begin(), at->second.end());
        if (const auto* set = known_.setters(as_set, name)) all.insert(all.end(), set->begin(), set->end());
    };
    add(components_[component].name);
    std::set<std::string_view> provided;
    for (const facts::component& one : *components_[component].versions)
        for (const provide& each : one.provides) provided.insert(each.signature);
    for (const std::string_view signature : provided) {
        const auto& versions = *known_.signatures()[known_.find(signature).signature].versions;
        if (!versions.empty() && versions.front().image_scope) add(signature);
    }
    return all;
}

option_variable& encoding::option(number component, std::string_view name) {
    if (const auto at = options_.find({component, name}); at != options_.end()) return at->second;
    option_variable o{.of = 0, .values = {}};
    for (const index::setter& one : setters_of(component, name)) {
        for (const facts::component& version : *components_[component].versions) {
            const auto text = normal_value(version, name, one.value);
            if (text && std::ranges::find(o.values, *text) == o.values.end()) o.values.push_back(*text);
        }
    }
    o.of = solver_.add_variable(static_cast<std::uint32_t>(o.values.size() + 1));
    return options_.emplace(std::pair{component, name}, std::move(o)).first->second;
}

std::optional<std::string> encoding::normal_value(const component& version, std::string_view option,
                                                  std::string_view written) {
    const auto declared = std::ranges::find(version.options, option, &registry::declaration::name);
    if (declared == version.options.end()) return std::nullopt;
    base::yaml::node node;
    node.kind = base::yaml::node::type::scalar;
    node.text = written;
    const auto read = registry::read_value(*declared, node);
    if (!read) return std::nullopt;
    return registry::value_text(declared->type, *read);
}

std::string encoding::option_value(number component, const registry::declaration& declared) {
    const option_variable& o = option(component, declared.name);
    const core::value v = core::first(solver_.domain(o.of));
    return v > 0 ? o.values[v - 1] : registry::value_text(declared.type, *declared.fallback);
}

std::optional<terms> encoding::setters_are_absent(number component, std::string_view name, const std::string& value) {
    std::map<number, core::value_set> owners;
    for (const index::setter& one : setters_of(component, name)) {
        if (one.owner == none) return std::nullopt;
        const auto fits = [&](const facts::component& version) {
            return normal_value(version, name, one.value) == value;
        };
        if (std::ranges::none_of(*components_[component].versions, fits)) continue;
        const number owner = component_of(known_.components()[one.owner].name);
        core::value_set& in =
            owners.try_emplace(owner, core::no_values(solver_.size(components_[owner].of))).first->second;
        core::put(in, static_cast<core::value>(one.version + 1));
    }
    terms absent;
    for (const auto& [owner, in] : owners) absent.push_back(outside(components_[owner].of, in));
    return absent;
}

bool encoding::demand_setter(number component, std::string_view name) {
    if (!with_setter_.emplace(component, name).second) return false;
    const option_variable& o = option(component, name);
    for (std::size_t i = 0; i < o.values.size(); ++i) {
        if (const auto absent = setters_are_absent(component, name, o.values[i]))
            forbid(*absent, is(o.of, static_cast<core::value>(i + 1)), 0);
    }
    return true;
}

void encoding::demand_option(const terms& when, number component, std::string_view name, std::string_view value,
                             int line) {
    const component_variable& c = components_[component];
    core::value_set lacks = core::no_values(solver_.size(c.of));
    std::map<std::string, core::value_set> takes;
    for (std::size_t i = 0; i < c.versions->size(); ++i) {
        const auto text = normal_value((*c.versions)[i], name, value);
        core::value_set& in =
            text ? takes.try_emplace(*text, core::no_values(solver_.size(c.of))).first->second : lacks;
        core::put(in, static_cast<core::value>(i + 1));
    }
    forbid(when, {c.of, lacks}, line);
    for (const auto& [text, in] : takes) {
        const option_variable& o = option(component, name);
        const auto at = std::ranges::find(o.values, text) - o.values.begin();
        terms here = when;
        here.push_back({c.of, in});
        forbid(here, is_not(o.of, static_cast<core::value>(at + 1)), line);
    }
}

// When a fact of one version counts. A condition on options gets a variable of its own, which is 1 exactly where the
// version is chosen and the condition holds.
encoding::gate encoding::when_of(number component, std::size_t version, const registry::condition& when) {
    const core::variable c = components_[component].of;
    const condition_term chosen = is(c, static_cast<core::value>(version + 1));
    if (when.always()) return terms{chosen};
    const std::set<std::string> options = when.options();
    if (options.empty()) {
        if (!when.holds([&](std::string_view p) { return property(p); })) return std::nullopt;
        return terms{chosen};
    }
    const std::tuple key{component, version, when.text()};
    if (const auto at = conditions_.find(key); at != conditions_.end()) return terms{is(at->second, 1)};
    const core::variable met = conditions_[key] = solver_.add_variable(2);
    forbid({is_not(c, static_cast<core::value>(version + 1)), is(met, 1)}, 0);
    // Values that mean the same are one: nobody sets it, or somebody sets the default.
    struct named_option {
        std::string name;
        core::variable of;
        std::vector<std::pair<std::string, core::value_set>> values;
        std::size_t now = 0;
    };
    std::vector<named_option> all;
    const auto& declared = (*components_[component].versions)[version].options;
    for (const std::string& one : options) {
        const auto at = std::ranges::find(declared, one, &registry::declaration::name);
        const option_variable& o = option(component, at->name);
        named_option made{.name = "option." + one, .of = o.of, .values = {}};
        made.values.emplace_back(registry::value_text(at->type, *at->fallback), core::only(solver_.size(o.of), 0));
        for (std::size_t i = 0; i < o.values.size(); ++i) {
            if (o.values[i] != made.values[0].first)
                made.values.emplace_back(o.values[i], core::no_values(solver_.size(o.of)));
            core::put(o.values[i] != made.values[0].first ? made.values.back().second : made.values[0].second,
                      static_cast<core::value>(i + 1));
        }
        all.push_back(std::move(made));
    }
    for (bool more = true; more;) {
        const bool is_met = when.holds([&](std::string_view p) -> std::optional<std::string> {
            const auto at = std::ranges::find(all, p, &named_option::name);
            return at == all.end() ? property(p) : at->values[at->now].first;
        });
        terms here{chosen, is(met, is_met ? 0 : 1)};
        for (const named_option& one : all) here.push_back({one.of, one.values[one.now].second});
        forbid(here, 0);
        more = false;
        for (std::size_t i = 0; i < all.size() && !more; ++i) {
            more = ++all[i].now < all[i].values.size();
            if (!more) all[i].now = 0;
        }
    }
    return terms{is(met, 1)};
}

} // namespace uk::resolver::facts
