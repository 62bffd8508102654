#include "resolver/encoding.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace uk::resolver::facts {

namespace {

const std::vector<component> no_versions;
// A nogood's cause is its line, and above these bits its rule.
constexpr std::uint32_t rule_bit = 28, all_lines = (1u << rule_bit) - 1;

} // namespace

core::value choice_variable::value_of(std::string_view name) const {
    auto at = std::ranges::lower_bound(names, name);
    if (fillers.empty()) at = std::ranges::find(names, name);
    return at == names.end() || *at != name ? 0 : first + static_cast<core::value>(at - names.begin());
}

encoding::encoding(const index& known, const request& asked, core::limits most, const line_set* only)
    : known_{known}, asked_{asked}, target_{known.all().targets.at(asked.target)}, only_{only}, solver_{most},
      component_numbers_(known.components().size(), none), signature_numbers_(known.signatures().size(), none) {
    for (const named_instance& one : asked.instances) {
        named_[one.name] = &one;
        by_request_.insert(one.name);
    }
    for (const named_instance& one : target_.devices) named_.emplace(one.name, &one);
    for (const equation& one : asked.uses) uses_.emplace(one.left, &one);
    for (const equation& one : asked.same) same_.emplace(one.left, &one);
    const auto is_updated = [&](const std::string& name) {
        return std::ranges::find(asked.update, name) != asked.update.end();
    };
    for (const locked& one : asked.lock) {
        if (one.kind != locked::type::component || is_updated(one.left)) continue;
        if (auto id = registry::parse_version(one.right, {})) locked_[one.left].push_back(*std::move(id));
    }
    for (const equation& one : asked.sets) asked_setters_[one.option()].push_back({none, 0, one.right});
    for (const auto* lines : {&asked.requires_, &target_.requires_}) {
        for (const require& line : *lines) {
            for (const choice& one : line.choices)
                for (const auto& [option, value] : one.options)
                    asked_setters_[{one.name, option}].push_back({none, 0, value});
        }
    }
}

std::optional<std::string> encoding::property(const request& asked, const target& aim, std::string_view name) {
    if (name == "target.arch") return aim.architecture;
    if (name == "target.family") return aim.family;
    if (name == "target.name") return aim.name;
    if (name == "target.profile") return asked.profile;
    return std::nullopt;
}

bool encoding::is_locked(std::string_view name, const registry::version& id) const {
    const auto at = locked_.find(name);
    return at != locked_.end() && std::ranges::find(at->second, id) != at->second.end();
}

std::string_view encoding::same_as(std::string_view label) const {
    for (std::size_t i = 0; i <= asked_.same.size(); ++i) {
        const auto at = same_.find(label);
        if (at == same_.end()) break;
        label = at->second->right;
    }
    return label;
}

void encoding::add(int line, rule why) {
    solver_.add_nogood(views_, static_cast<std::uint32_t>(line) | static_cast<std::uint32_t>(why) << rule_bit);
    added_ = true;
    if (line > 0) lines_.push_back(line);
}

void encoding::forbid(const terms& all, int line, rule why) {
    if (!counts(line)) return;
    views_.clear();
    for (const condition_term& one : all) views_.push_back({one.of, one.in});
    add(line, why);
}

void encoding::forbid(const terms& when, const condition_term& and_this, int line) {
    if (!counts(line)) return;
    views_.clear();
    for (const condition_term& one : when) views_.push_back({one.of, one.in});
    views_.push_back({and_this.of, and_this.in});
    add(line, rule::none);
}

std::vector<int> encoding::with_same(std::vector<int> lines) const {
    std::ranges::sort(lines);
    lines.erase(std::ranges::unique(lines).begin(), lines.end());
    const std::vector<int> first = lines;
    for (const auto& [line, other] : same_lines_)
        if (std::ranges::binary_search(first, line)) lines.push_back(other);
    std::ranges::sort(lines);
    lines.erase(std::ranges::unique(lines).begin(), lines.end());
    return lines;
}

std::vector<int> encoding::causes() const {
    std::vector<int> lines;
    for (const std::uint32_t cause : solver_.causes())
        if (const std::uint32_t line = cause & all_lines; line > 0) lines.push_back(static_cast<int>(line));
    return with_same(std::move(lines));
}

std::vector<std::pair<int, rule>> encoding::rules() const {
    std::vector<std::pair<int, rule>> found;
    for (const std::uint32_t cause : solver_.causes())
        if (cause > all_lines) found.emplace_back(cause & all_lines, static_cast<rule>(cause >> rule_bit));
    return found;
}

condition_term encoding::is_not(core::variable of, core::value v) const {
    return outside(of, core::only(solver_.size(of), v));
}

condition_term encoding::outside(core::variable of, core::values in) const {
    return {of, core::complement(solver_.size(of), in)};
}

condition_term encoding::chosen(const component_variable& c, std::span<const core::value> versions) const {
    condition_term made{c.of, core::no_values(solver_.size(c.of))};
    for (const core::value v : versions) core::put(made.in, v);
    return made;
}

// The same number for the same requirement, however often it was read.
number encoding::requirement_number(const registry::requirement& one) {
    const auto [at, fresh] = requirements_.try_emplace(one.identity(), 0);
    if (fresh)
        at->second =
            requirement_texts_.try_emplace(one.text(), static_cast<number>(requirement_texts_.size())).first->second;
    return at->second;
}

// The versions that a requirement rules out or in, made once: `all` are the variable's from 1 on.
template <class Versions>
condition_term encoding::versions_by(verdict which, number whose, core::variable of, const Versions& all,
                                     const registry::requirement& asked) {
    core::value_set& in =
        sets_[{std::uint64_t{whose} << 2 | static_cast<std::uint64_t>(which), requirement_number(asked)}];
    if (in.size() == 0) {
        const bool is_conflict = which == verdict::conflicting_component;
        in = is_conflict ? core::no_values(solver_.size(of)) : core::all_values(solver_.size(of));
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto v = static_cast<core::value>(i + 1);
            if (is_conflict && asked.matches_any(all[i].id)) core::put(in, v);
            if (!is_conflict && asked.matches(all[i].id)) core::take(in, v);
        }
    }
    return {of, in};
}

condition_term encoding::version_is_not(number number_of_it, const registry::requirement& versions) {
    const component_variable& c = components_[number_of_it];
    return versions_by(verdict::other_component, number_of_it, c.of, *c.versions, versions);
}

condition_term encoding::conflicts_with(const choice& one) {
    const number number_of_it = component_of(one.name);
    const component_variable& c = components_[number_of_it];
    return versions_by(verdict::conflicting_component, number_of_it, c.of, *c.versions, one.versions);
}

condition_term encoding::signature_is_not(number s, const registry::requirement& versions) {
    return versions_by(verdict::other_signature, s, version_of_signature(s), *signatures_[s].versions, versions);
}

number encoding::component_of(std::string_view name) { return component_of(name, known_.find(name).component); }

index::meaning encoding::meaning_of(std::string_view name) {
    const index::meaning known = known_.find(name);
    if (known.signature != none) return {none, signature_at_index(known.signature)};
    return {component_of(name, known.component), none};
}

number encoding::component_of(std::string_view name, number known) {
    number& mine = known == none ? unknown_.try_emplace(name, none).first->second : component_numbers_[known];
    if (mine != none) return mine;
    mine = static_cast<number>(components_.size());
    component_variable& c = components_.emplace_back();
    c.name = known == none ? name : known_.components()[known].name;
    c.versions = known == none ? &no_versions : known_.components()[known].versions;
    c.of = solver_.add_variable(static_cast<std::uint32_t>(c.versions->size() + 1));
    c.plain = known == none || known_.components()[known].plain;
    for (std::size_t i = 0; i < c.versions->size() && !c.plain; ++i) {
        const component& one = (*c.versions)[i];
        if (one.yanked && !is_locked(name, one.id)) forbid({is(c.of, static_cast<core::value>(i + 1))}, one.yanked);
    }
    return mine;
}

number encoding::instance_of(std::string_view name) {
    const auto at = named_.find(name);
    if (at == named_.end()) return own_instance(component_of(name));
    const auto [mine, fresh] = named_numbers_.try_emplace(at->first, none);
    if (fresh) mine->second = add_instance(at->first, component_of(at->second->component), at->second);
    return mine->second;
}

number encoding::own_instance(number component) {
    component_variable& c = components_[component];
    if (c.instance == none) c.instance = add_instance(c.name, component, nullptr);
    return c.instance;
}

number encoding::add_instance(std::string_view name, number component, const named_instance* named) {
    const component_variable& c = components_[component];
    const auto mine = static_cast<number>(instances_.size());
    const core::variable of = solver_.add_variable(2);
    instances_.push_back({.name = name, .component = component, .of = of, .named = by_request_.contains(name)});
    forbid({is(of, 1), is(c.of, 0)}, 0);
    for (std::size_t v = 0; v < c.versions->size() && !c.plain; ++v) {
        for (const setting& one : (*c.versions)[v].settings) {
            if (!named || std::ranges::find(named->told, one.name) == named->told.end())
                forbid({is(of, 1), is(c.of, static_cast<core::value>(v + 1))}, one.line);
        }
    }
    return mine;
}

number encoding::signature_of(std::string_view name) {
    const number known = known_.find(name).signature;
    return known == none ? none : signature_at_index(known);
}

number encoding::signature_at_index(number known) {
    number& mine = signature_numbers_[known];
    if (mine != none) return mine;
    mine = static_cast<number>(signatures_.size());
    const index::signature_entry& entry = known_.signatures()[known];
    signatures_.push_back({.name = entry.name, .versions = entry.versions, .providers = entry.providers});
    return mine;
}

core::variable encoding::version_of_signature(number s) {
    signature_variable& one = signatures_[s];
    if (one.of == none) {
        one.of = solver_.add_variable(static_cast<std::uint32_t>(one.versions->size() + 1));
        unfinished_.push_back(s);
    }
    return one.of;
}

// A chain of signatures that require each other may be long: no recursion.
void encoding::finish_signatures() {
    while (!unfinished_.empty()) {
        const number s = unfinished_.back();
        unfinished_.pop_back();
        const core::variable of = signatures_[s].of;
        for (std::size_t i = 0; i < signatures_[s].versions->size(); ++i) {
            for (const require& one : (*signatures_[s].versions)[i].requires_) {
                if (!counts(one.line)) continue;
                const choice& other = one.choices.front();
                const terms here{is(of, static_cast<core::value>(i + 1))};
                if (is_component(other.name)) {
                    forbid(here, version_is_not(component_of(other.name), other.versions), one.line);
                } else if (const number required = signature_of(other.name); required == none) {
                    forbid(here, one.line);
                } else {
                    forbid(here, signature_is_not(required, other.versions), one.line);
                }
            }
        }
    }
}

// A named instance may have the name of a component: then that is not its component's own.
void encoding::add_fillers(number signature, std::vector<std::pair<std::string_view, number>>& into) {
    const std::span<const number> providers = signatures_[signature].providers;
    for (const number known : providers) {
        const std::string_view name = known_.components()[known].name;
        if (!named_.contains(name)) into.emplace_back(name, own_instance(component_of(name)));
    }
    for (const auto& [name, one] : named_) {
        const number known = known_.find(one->component).component;
        if (std::ranges::binary_search(providers, known)) into.emplace_back(name, instance_of(name));
    }
}

void encoding::obey_use(const choice_variable& h, std::string_view owner, std::string_view label) {
    if (uses_.empty()) return;
    const auto use = uses_.find(hole_name(owner, label));
    if (use == uses_.end()) return;
    core::value_set fine = core::only(solver_.size(h.of), 0);
    core::put(fine, h.value_of(use->second->right));
    forbid({outside(h.of, fine)}, use->second->line);
}

// The signatures that a component's needs of this label have, in any version.
const std::vector<number>& encoding::signatures_of_label(number component, std::string_view label) {
    const auto add = [&](const auto& needs) {
        for (const need& one : needs) {
            auto& list = labels_[{component, one.label}];
            const number s = signature_of(one.signature.name);
            if (s != none && std::ranges::find(list, s) == list.end()) list.push_back(s);
        }
    };
    if (labelled_.insert(component).second) {
        if (component == none) add(asked_.needs);
        else
            for (const facts::component& one : *components_[component].versions) add(one.needs);
    }
    return labels_[{component, label}];
}

number encoding::hole(number owner, std::string_view label) {
    if (const auto at = holes_.find({owner, label}); at != holes_.end()) return at->second;
    std::vector<std::pair<std::string_view, number>> found;
    const auto& signatures = signatures_of_label(owner == none ? none : instances_[owner].component, label);
    for (const number s : signatures) add_fillers(s, found);
    if (signatures.size() != 1 || !named_.empty()) {
        std::ranges::sort(found);
        found.erase(std::ranges::unique(found).begin(), found.end());
    }
    const auto mine = static_cast<number>(choices_.size());
    choice_variable& h = choices_.emplace_back();
    h.first = 2;
    h.of = solver_.add_variable(static_cast<std::uint32_t>(found.size() + 2));
    for (const auto& [name, instance] : found) {
        h.names.push_back(name);
        h.fillers.push_back(instance);
        forbid({is(h.of, static_cast<core::value>(h.names.size() + 1)), is(instances_[instance].of, 0)}, 0);
    }
    const std::string_view owner_name = owner == none ? "" : instances_[owner].name;
    obey_use(h, owner_name, label);
    holes_.emplace(std::pair{owner, label}, mine);
    return mine;
}

number encoding::image_hole(number signature) {
    signature_variable& s = signatures_[signature];
    if (s.hole != none) return s.hole;
    s.hole = static_cast<number>(choices_.size());
    choice_variable& h = choices_.emplace_back();
    const auto size = static_cast<std::uint32_t>(s.providers.size() + 1);
    h.of = solver_.add_variable(size);
    s.owner = solver_.add_variable(size);
    for (const number known : s.providers) {
        h.names.push_back(known_.components()[known].name);
        h.fillers.push_back(component_of(h.names.back()));
    }
    for (std::size_t i = 0; i < h.names.size(); ++i) {
        const auto mine = static_cast<core::value>(i + 1);
        forbid({is(h.of, mine), is(components_[h.fillers[i]].of, 0)}, 0);
        forbid({is(h.of, mine), is_not(s.owner, mine)}, 0);
        demand_service({is(h.of, mine)}, h.fillers[i], signature, 0);
    }
    obey_use(h, "", s.name);
    return s.hole;
}

std::string encoding::hole_name(std::string_view owner, std::string_view label) {
    std::string name{owner};
    if (!owner.empty()) name += '/';
    return name += label;
}

std::string encoding::alternative_text(std::string_view owner, const require& line) {
    std::string text{owner.empty() ? "request" : owner};
    for (const choice& one : line.choices) (text += &one == &line.choices.front() ? ": " : " | ") += one.name;
    return text;
}

number encoding::alternative(std::string_view owner, const require& line) {
    const auto [known, unknown] = alternative_lines_.try_emplace(&line, none);
    if (!unknown) return known->second;
    const auto [at, fresh] =
        alternatives_.try_emplace(alternative_text(owner, line), static_cast<number>(choices_.size()));
    known->second = at->second;
    if (!fresh) return at->second;
    choice_variable& a = choices_.emplace_back();
    a.of = solver_.add_variable(static_cast<std::uint32_t>(line.choices.size() + 1));
    for (const choice& one : line.choices) a.names.push_back(one.name);
    return at->second;
}

std::set<std::string> encoding::asked_options(const component& one) {
    std::set<std::string> names;
    if (one.options.empty()) return names;
    for (const auto& each : one.requires_) names.merge(each.when.options());
    for (const auto& each : one.conflicts) names.merge(each.when.options());
    for (const auto& each : one.needs) names.merge(each.when.options());
    for (const auto& each : one.provides) names.merge(each.when.options());
    for (const auto& each : one.absent) names.merge(each.when.options());
    return names;
}

bool encoding::holds(number component, const registry::condition& when) {
    if (when.always()) return true;
    return when.holds([&](std::string_view name) -> std::optional<std::string> {
        if (!name.starts_with("option.") || component == none) return property(name);
        const auto& options = settled(component).options;
        return option_value(component, *std::ranges::find(options, name.substr(7), &registry::declaration::name));
    });
}

} // namespace uk::resolver::facts
