// What is demanded: requirements, providers, needs, conflicts, as nogoods.
#include <algorithm>

#include "resolver/encoding.hpp"

namespace uk::resolver::facts {

namespace {

terms with(terms all, condition_term one) {
    all.push_back(std::move(one));
    return all;
}

/// Lines of several versions by what they demand: the same is demanded once.
template <class Fact>
class same_lines {
  public:
    struct demand {
        const Fact* line; ///< the first of them
        std::vector<core::value> versions;
    };
    std::vector<number> key; ///< of the next `add`

    /// The first line that demands this.
    const Fact& add(const Fact& line, std::size_t version) {
        const auto [at, fresh] = numbers_.try_emplace(key, all.size());
        if (fresh) all.push_back({&line, {}});
        all[at->second].versions.push_back(static_cast<core::value>(version + 1));
        return *all[at->second].line;
    }

    std::vector<demand> all;

  private:
    std::unordered_map<std::vector<number>, std::size_t, hash_of> numbers_;
};

} // namespace

struct encoding::same_demands {
    same_lines<require> requires_, conflicts, over;
    same_lines<provide> provides;
    same_lines<need> needs;
};

// Lines aren't put together when some are left out, to see which of them matter.
template <class Lines, class Fact>
void encoding::add_same(Lines& to, const Fact& line, std::size_t version) {
    if (only_) to.key.push_back(static_cast<number>(line.line));
    const Fact& first = to.add(line, version);
    if (&first != &line) same_lines_.emplace_back(first.line, line.line);
}

void encoding::demand(const terms& when, std::string_view owner, const require& line) {
    if (!counts(line.line)) return;
    if (line.choices.size() == 1) return demand_choice(when, line.choices.front(), line.line);
    const core::variable a = choices_[alternative(owner, line)].of;
    forbid(when, is(a, 0), line.line);
    for (std::size_t i = 0; i < line.choices.size(); ++i)
        demand_choice(with(when, is(a, static_cast<core::value>(i + 1))), line.choices[i], line.line);
}

void encoding::demand_choice(const terms& when, const choice& one, int line) {
    const auto [c, s] = meaning_of(one.name);
    if (s == none) {
        forbid(when, version_is_not(c, one.versions), line);
        for (const auto& [option, value] : one.options) demand_option(when, c, option, value, line);
        return;
    }
    if (!is_image_scope(s)) return forbid(when, line);
    const choice_variable& h = choices_[image_hole(s)];
    forbid(when, is(h.of, 0), line);
    forbid(when, signature_is_not(s, one.versions), line);
    for (std::size_t i = 0; i < h.names.size(); ++i) {
        const terms here = with(when, is(h.of, static_cast<core::value>(i + 1)));
        demand_provider(here, h.fillers[i], s, one.versions, line);
        for (const auto& [option, value] : one.options) demand_option(here, h.fillers[i], option, value, line);
    }
}

// The component must provide the signature in such a version: the first of its lines whose condition holds counts.
void encoding::demand_provider(const terms& when, number component, number signature,
                               const registry::requirement& versions, int line) {
    const component_variable& c = components_[component];
    const std::string_view name = signatures_[signature].name;
    core::value_set never = core::no_values(solver_.size(c.of));
    for (std::size_t i = 0; i < c.versions->size(); ++i) {
        terms so_far; // none of the lines before counts
        bool fits = false;
        for (const provide& one : (*c.versions)[i].provides) {
            if (one.signature != name) continue;
            if (one.when.always()) {
                fits = versions.matches(one.version);
                break;
            }
            const gate here = when_of(component, i, one.when);
            if (!here) continue;
            fits = versions.matches(one.version);
            if (here->front().of == c.of) break; // always counts
            if (!fits) {
                terms not_this = when;
                not_this.insert(not_this.end(), so_far.begin(), so_far.end());
                forbid(not_this, here->front(), line);
            }
            so_far.push_back(is(here->front().of, 0));
            fits = false;
        }
        if (fits) continue;
        const auto v = static_cast<core::value>(i + 1);
        if (so_far.empty()) {
            core::put(never, v);
        } else {
            so_far.insert(so_far.end(), when.begin(), when.end());
            forbid(so_far, is(c.of, v), line);
        }
    }
    if (!core::is_empty(never)) forbid(when, {c.of, never}, line);
}

// The signature's version serves what the component provides; or isn't there, when nobody asks.
void encoding::demand_service(const terms& when, number component, number signature, core::value only) {
    const component_variable& c = components_[component];
    const auto& versions = *signatures_[signature].versions;
    struct service {
        const provide* line;
        core::value_set in;
    };
    std::vector<service> same;
    const auto fits = [&](core::variable s, const registry::version& provided) {
        core::value_set in = core::only(solver_.size(s), 0);
        for (std::size_t k = 0; k < versions.size(); ++k)
            if (registry::serves(versions[k].id, provided)) core::put(in, static_cast<core::value>(k + 1));
        return in;
    };
    for (std::size_t i = 0; i < c.versions->size(); ++i) {
        if (only != 0 && i + 1 != only) continue;
        for (const provide& one : (*c.versions)[i].provides) {
            if (!counts(one.line) || one.signature != signatures_[signature].name) continue;
            if (!one.when.always() || only_) {
                const gate here = when_of(component, i, one.when);
                if (!here) continue;
                const core::variable s = version_of_signature(signature);
                forbid(with(when, here->front()), outside(s, fits(s, one.version)), one.line);
                continue;
            }
            auto at =
                std::ranges::find_if(same, [&](const service& each) { return each.line->version == one.version; });
            if (at == same.end()) {
                same.push_back({&one, core::no_values(solver_.size(c.of))});
                at = same.end() - 1;
            } else {
                same_lines_.emplace_back(at->line->line, one.line);
            }
            core::put(at->in, static_cast<core::value>(i + 1));
        }
    }
    for (const service& one : same) {
        const core::variable s = version_of_signature(signature);
        forbid(with(when, {c.of, one.in}), outside(s, fits(s, one.line->version)), one.line->line);
    }
}

void encoding::demand_need(const terms& when, number owner, const need& one) {
    if (!counts(one.line)) return;
    const choice_variable& h = choices_[hole(owner, one.label)];
    if (one.optional && !uses_.contains(hole_name(owner == none ? "" : instances_[owner].name, one.label)))
        return forbid(when, is_not(h.of, 1), one.line);
    core::value_set unfilled = core::only(solver_.size(h.of), 0);
    core::put(unfilled, 1);
    forbid(when, {h.of, std::move(unfilled)}, one.line);
    const number s = signature_of(one.signature.name);
    if (s == none || !is_declared(s)) return forbid(when, one.line);
    forbid(when, signature_is_not(s, one.signature.versions), one.line);
    for (std::size_t i = 0; i < h.names.size(); ++i)
        demand_provider(with(when, is(h.of, static_cast<core::value>(i + 2))), instances_[h.fillers[i]].component, s,
                        one.signature.versions, one.line);
}

// A component that is generic over a signature: only its version matters.
void encoding::demand_headers(const terms& when, const require& line) {
    const choice& one = line.choices.front();
    const number s = signature_of(one.name);
    if (s == none) forbid(when, line.line);
    else forbid(when, signature_is_not(s, one.versions), line.line);
}

// Who provides an image-wide signature is the only one.
void encoding::demand_ownership(const terms& when, std::string_view component, const provide& line) {
    const number s = signature_of(line.signature);
    const core::value mine = choices_[image_hole(s)].value_of(component);
    forbid(when, is_not(signatures_[s].owner, mine), line.line);
}

void encoding::demand_lines(const terms& when, const request& asked) {
    for (const require& one : asked.conflicts)
        if (holds(none, one.when)) forbid(when, conflicts_with(one.choices.front()), one.line);
    for (const require& one : asked.over) demand_headers(when, one);
}

void encoding::encode_further(const request& asked, core::variable on) {
    const terms when{is(on, 1)};
    for (const require& one : asked.requires_)
        if (holds(none, one.when)) demand(when, "", one);
    demand_lines(when, asked);
    finish_signatures();
}

void encoding::encode_request() {
    for (const auto* lines : {&asked_.requires_, &target_.requires_}) {
        const std::string_view owner = lines == &target_.requires_ ? target_.name : std::string_view{};
        for (const require& one : *lines)
            if (holds(none, one.when)) demand({}, owner, one);
    }
    if (is_component(target_.name)) forbid({is(components_[component_of(target_.name)].of, 0)}, target_.line);
    demand_lines({}, asked_);
    for (const equation& one : asked_.sets) {
        const auto [component, option] = one.option();
        demand_option({}, component_of(component), option, one.right, one.line);
    }
    for (const need& one : asked_.needs)
        if (holds(none, one.when)) demand_need({}, none, one);
    for (const equation& one : asked_.same) {
        const choice_variable &a = choices_[hole(none, one.left)], &b = choices_[hole(none, one.right)];
        for (std::size_t i = 0; i < a.names.size(); ++i) {
            core::value_set here = core::only(solver_.size(b.of), 0);
            core::put(here, 1);
            core::put(here, b.value_of(a.names[i]));
            forbid({is(a.of, static_cast<core::value>(i + 2)), outside(b.of, here)}, one.line);
        }
    }
    finish_signatures();
}

// What one version demands: at once, or what other versions may demand as well, into `same`.
void encoding::encode_version(number mine, std::size_t version, same_demands& same) {
    const component_variable& c = components_[mine];
    const component& one = (*c.versions)[version];
    for (const require& line : one.requires_) {
        if (!counts(line.line)) continue;
        const bool plain = line.when.always() &&
                           std::ranges::all_of(line.choices, [](const choice& each) { return each.options.empty(); });
        if (plain) {
            same.requires_.key.clear();
            for (const choice& each : line.choices) {
                const index::meaning what = meaning_of(each.name);
                same.requires_.key.insert(same.requires_.key.end(),
                                          {what.signature, what.component, requirement_number(each.versions)});
            }
            add_same(same.requires_, line, version);
        } else if (const gate when = when_of(mine, version, line.when)) {
            demand(*when, c.name, line);
        }
    }
    for (const require& line : one.conflicts) {
        const choice& other = line.choices.front();
        if (!counts(line.line) || !is_component(other.name)) continue;
        if (line.when.always()) {
            same.conflicts.key = {component_of(other.name), requirement_number(other.versions)};
            add_same(same.conflicts, line, version);
        } else if (const gate when = when_of(mine, version, line.when)) {
            forbid(*when, conflicts_with(other), line.line);
        }
    }
    for (const absence& line : one.absent) {
        if (!counts(line.line)) continue;
        if (const gate when = when_of(mine, version, line.when)) forbid(*when, line.line);
    }
    for (const require& line : one.over) {
        const number s = signature_of(line.choices.front().name);
        if (!counts(line.line)) continue;
        if (line.when.always()) {
            same.over.key = {s, requirement_number(line.choices.front().versions)};
            add_same(same.over, line, version);
        } else if (const gate when = when_of(mine, version, line.when)) {
            demand_headers(*when, line);
        }
    }
    for (const provide& line : one.provides) {
        const number s = signature_of(line.signature);
        if (!counts(line.line) || !is_image_scope(s)) continue;
        if (line.when.always()) {
            same.provides.key = {s};
            add_same(same.provides, line, version);
        } else if (const gate when = when_of(mine, version, line.when)) {
            demand_ownership(*when, c.name, line);
        }
    }
}

void encoding::encode_component(number mine, core::value wanted) {
    component_variable& c = components_[mine];
    const auto only = c.encoded.add(wanted);
    if (!only) return;
    same_demands same;
    for (std::size_t i = 0; i < c.versions->size(); ++i)
        if (*only == 0 || i + 1 == *only) encode_version(mine, i, same);
    for (const auto& [line, versions] : same.requires_.all) demand({chosen(c, versions)}, c.name, *line);
    for (const auto& [line, versions] : same.conflicts.all)
        forbid({chosen(c, versions)}, conflicts_with(line->choices.front()), line->line);
    for (const auto& [line, versions] : same.over.all) demand_headers({chosen(c, versions)}, *line);
    for (const auto& [line, versions] : same.provides.all) demand_ownership({chosen(c, versions)}, c.name, *line);
    if (!std::exchange(c.one_instance, true) && !c.plain) demand_single_instance(c);
    finish_signatures();
}

// Of a singleton, one instance: which, is a variable.
void encoding::demand_single_instance(const component_variable& c) {
    condition_term single{c.of, core::no_values(solver_.size(c.of))};
    for (std::size_t i = 0; i < c.versions->size(); ++i)
        if ((*c.versions)[i].singleton) core::put(single.in, static_cast<core::value>(i + 1));
    std::vector<number> instances;
    if (!named_.contains(c.name)) instances.push_back(instance_of(c.name));
    for (const auto& [name, one] : named_)
        if (one->component == c.name) instances.push_back(instance_of(name));
    if (instances.size() < 2 || core::is_empty(single.in)) return;
    const core::variable which = solver_.add_variable(static_cast<std::uint32_t>(instances.size()));
    for (std::size_t i = 0; i < instances.size(); ++i)
        forbid({single, is(instances_[instances[i]].of, 1), is_not(which, static_cast<core::value>(i))},
               c.versions->front().line);
}

void encoding::encode_instance(number number_of_it, core::value wanted) {
    instance_variable& mine = instances_[number_of_it];
    const auto only = mine.encoded.add(wanted);
    if (!only) return;
    const component_variable& c = components_[mine.component];
    same_demands same;
    std::set<std::string_view> provided;
    for (std::size_t i = 0; i < c.versions->size(); ++i) {
        if (*only != 0 && i + 1 != *only) continue;
        const component& one = (*c.versions)[i];
        for (const need& line : one.needs) {
            if (!counts(line.line)) continue;
            if (line.when.always()) {
                same.needs.key = {hole(number_of_it, line.label), signature_of(line.signature.name),
                                  requirement_number(line.signature.versions), line.optional ? 1u : 0u};
                add_same(same.needs, line, i);
            } else if (const gate when = when_of(mine.component, i, line.when)) {
                demand_need(with(*when, is(mine.of, 1)), number_of_it, line);
            }
        }
        for (const provide& line : one.provides) provided.insert(line.signature);
    }
    for (const auto& [line, versions] : same.needs.all)
        demand_need({chosen(c, versions), is(mine.of, 1)}, number_of_it, *line);
    for (const std::string_view name : provided) {
        const number s = signature_of(name);
        if (!is_image_scope(s)) demand_service({is(mine.of, 1)}, mine.component, s, *only);
    }
    finish_signatures();
}

} // namespace uk::resolver::facts
