#include "resolver/walk.hpp"

#include <algorithm>
#include <tuple>

namespace uk::resolver::facts {

walk::walk(encoding& of) : of_{of}, asked_{&of.asked().requires_} {
    add_wishes();
    const request& asked = of.asked();
    push(step::type::target_require, none, of.aim().requires_.size());
    push(step::type::need, none, asked.needs.size());
    push(step::type::require, none, asked.requires_.size());
    push(step::type::wish, none, wishes_.size());
    if (of.is_component(of.aim().name) && of.counts(of.aim().line)) reach(of.component_of(of.aim().name));
    for (const equation& one : asked.sets) {
        const auto [component, option] = one.option();
        set_.emplace(of.component_of(component), option);
    }
}

void walk::ask(core::variable on, const std::vector<require>& lines) {
    before_ = at_;
    decide(on, core::only(2, 1));
    asked_ = &lines;
    push(step::type::require, none, lines.size());
}

void walk::push(step::type kind, number owner, std::size_t end) {
    if (end > 0) at_.now[at_.count++] = {kind, owner, 0, static_cast<number>(end)};
}

walk::pause walk::go() {
    for (;;) {
        before_ = at_;
        if (at_.count == 0) {
            if (at_.next == later_.size()) {
                if (!signatures()) return pause::settle;
                if (at_.next < later_.size()) continue; // first what they bring in
                return options_are_set() ? pause::done : pause::settle;
            }
            at_.now[at_.count++] = later_[at_.next++];
        }
        step& last = at_.now[at_.count - 1];
        const step next = last;
        if (++last.index == last.end) --at_.count;
        if (!take(next)) {
            at_ = before_;
            return pause::settle;
        }
    }
}

bool walk::take(const step& what) {
    switch (what.kind) {
    case step::type::wish: return choose(wishes_[what.index].of, wishes_[what.index].sets);
    case step::type::visit: return visit(what.owner);
    case step::type::instance: return visit_instance(what.owner);
    case step::type::option: return option(what.owner, what.index);
    case step::type::target_require: return require_line(none, of_.aim().name, of_.aim().requires_[what.index]);
    case step::type::require:
        if (what.owner == none) return require_line(none, "", (*asked_)[what.index]);
        return require_line(what.owner, of_.component_at(what.owner).name,
                            of_.settled(what.owner).requires_[what.index]);
    case step::type::need:
        if (what.owner == none) return need_line(none, of_.asked().needs[what.index]);
        return need_line(what.owner, of_.settled(of_.instance_at(what.owner).component).needs[what.index]);
    }
    return true;
}

void walk::decide(core::variable of, const core::value_set& in) {
    marks_.push_back({before_, records_.size()});
    of_.solver().decide(of, in);
}

void walk::undo_to(std::uint32_t level) {
    if (level >= marks_.size()) return;
    while (records_.size() > marks_[level].records) {
        undo(records_.back());
        records_.pop_back();
    }
    at_ = marks_[level].at;
    marks_.resize(level);
}

void walk::undo(const record& one) {
    switch (one.what) {
    case found::later: later_.pop_back(); break;
    case found::reached: reached_[one.of] = false; break;
    case found::in_image:
        image_[one.of] = false;
        image_list_.pop_back();
        break;
    case found::visited:
        visited_[one.of] = false;
        visits_.pop_back();
        break;
    case found::reached_instance:
        reached_instances_[one.of] = false;
        reached_list_.pop_back();
        break;
    case found::wire: wires_.pop_back(); break;
    case found::image_wire: image_wired_[one.of] = false; break;
    case found::alternative: alternatives_.pop_back(); break;
    case found::edge: out_[one.of].pop_back(); break;
    case found::exclusive: exclusive_.pop_back(); break;
    case found::set:
        set_.erase(set_keys_.back());
        set_keys_.pop_back();
        break;
    case found::signature: chosen_signatures_[one.of] = false; break;
    }
}

bool walk::mark_once(std::vector<bool>& flags, number of, found what) {
    if (of >= flags.size()) flags.resize(std::max<std::size_t>(of + 1, 2 * flags.size()));
    if (flags[of]) return false;
    flags[of] = true;
    records_.push_back({what, of});
    return true;
}

// Takes the first of the sets that is possible. False: something has to be settled before it can go on.
bool walk::choose(core::variable of, const std::vector<core::value_set>& preferred) {
    if (of_.take_added()) return false;
    core::solver& s = of_.solver();
    for (const core::value_set& one : preferred) {
        if (!core::meets(s.domain(of), one)) continue;
        if (!core::is_within(s.domain(of), one)) {
            decide(of, one);
            return false;
        }
        break;
    }
    return true;
}

// Takes a value that is possible.
bool walk::choose(core::variable of, core::value v) {
    if (of_.take_added()) return false;
    if (!of_.solver().is_decided(of)) {
        decide(of, core::only(of_.solver().size(of), v));
        return false;
    }
    return true;
}

const std::vector<core::value>& walk::oldest_first(number component) {
    std::vector<core::value>& order = oldest_first_[component];
    const component_variable& c = of_.component_at(component);
    if (!order.empty()) return order;
    for (core::value v = 1; v <= c.versions->size(); ++v) order.push_back(v);
    const auto base = [&](core::value v) {
        registry::version id = (*c.versions)[v - 1].id;
        id.revision = 0;
        return id;
    };
    std::ranges::stable_sort(order, [&](core::value a, core::value b) { return base(a) < base(b); });
    return order;
}

// The version that is preferred, of those that are possible; 0: none.
core::value walk::newest(number component) {
    const core::variable of = of_.component_at(component).of;
    if (!of_.asked().minimal_versions) return core::first_behind(of_.solver().domain(of), 0);
    for (const core::value v : oldest_first(component))
        if (of_.solver().can_be(of, v)) return v;
    return 0;
}

void walk::reach(number component) {
    if (mark_once(image_, component, found::in_image)) image_list_.push_back(component);
    if (!mark_once(reached_, component, found::reached)) return;
    later_.push_back({step::type::visit, component});
    records_.push_back({found::later, component});
}

void walk::reach_instance(number instance) {
    const number component = of_.instance_at(instance).component;
    if (mark_once(image_, component, found::in_image)) image_list_.push_back(component);
    if (!mark_once(reached_instances_, instance, found::reached_instance)) return;
    reached_list_.push_back(instance);
    later_.push_back({step::type::instance, instance});
    records_.push_back({found::later, instance});
}

bool walk::visit(number c) {
    if (is_set(visited_, c)) return true;
    const core::variable of = of_.component_at(c).of;
    const core::value v = newest(c);
    if (v == 0) return false;
    of_.encode_component(c, of_.takes_all_versions() ? 0 : v);
    if (!choose(of, v)) return false;
    mark_once(visited_, c, found::visited);
    visits_.push_back(c);
    const component& version = of_.settled(c);
    push(step::type::require, c, version.requires_.size());
    if (!encoding::asked_options(version).empty()) push(step::type::option, c, version.options.size());
    return true;
}

bool walk::visit_instance(number instance) {
    const number c = of_.instance_at(instance).component;
    if (!is_set(visited_, c)) {
        push(step::type::instance, instance, 1);
        push(step::type::visit, c, 1);
        return true;
    }
    of_.encode_instance(instance,
                        of_.takes_all_versions() ? 0 : core::first(of_.solver().domain(of_.component_at(c).of)));
    push(step::type::need, instance, of_.settled(c).needs.size());
    return true;
}

bool walk::option(number component, std::size_t index) {
    const facts::component& version = of_.settled(component);
    const registry::declaration& declared = version.options[index];
    if (!encoding::asked_options(version).contains(declared.name)) return true;
    const option_variable& o = of_.option(component, declared.name);
    const std::uint32_t size = of_.solver().size(o.of);
    const std::string normal = registry::value_text(declared.type, *declared.fallback);
    std::vector<core::value_set> preferred{core::only(size, 0)};
    for (std::size_t i = 0; i < o.values.size(); ++i) {
        if (o.values[i] == normal) core::put(preferred.front(), static_cast<core::value>(i + 1));
        else preferred.push_back(core::only(size, static_cast<core::value>(i + 1)));
    }
    return choose(o.of, preferred);
}

bool walk::choose_alternative(number a, const require& line) {
    const choice_variable& choice = of_.choice_at(a);
    const auto size = of_.solver().size(choice.of);
    std::vector<core::value_set> preferred, others;
    for (std::size_t i = 0; i < line.choices.size(); ++i) {
        const facts::choice& one = line.choices[i];
        const number s = of_.signature_of(one.name);
        bool is_there = false;
        if (of_.is_image_scope(s)) {
            is_there = is_set(image_wired_, s);
        } else {
            const number c = of_.component_of(one.name);
            is_there = is_set(image_, c) && (!is_set(visited_, c) || one.versions.matches(of_.settled(c).id));
        }
        (is_there ? preferred : others).push_back(core::only(size, static_cast<core::value>(i + 1)));
    }
    preferred.insert(preferred.end(), others.begin(), others.end());
    return choose(choice.of, preferred);
}

bool walk::require_line(number owner, std::string_view owner_name, const require& line) {
    if (!of_.counts(line.line) || !of_.holds(owner, line.when)) return true;
    const choice* taken = &line.choices.front();
    if (line.choices.size() > 1) {
        const number a = of_.alternative(owner_name, line);
        if (!choose_alternative(a, line)) return false;
        taken = &line.choices[core::first(of_.solver().domain(of_.choice_at(a).of)) - 1];
        alternatives_.emplace_back(encoding::alternative_text(owner_name, line), taken->name);
        records_.push_back({found::alternative, a});
    }
    const number s = of_.signature_of(taken->name);
    number component = none;
    if (of_.is_image_scope(s)) {
        const choice_variable& h = of_.choice_at(of_.image_hole(s));
        if (!pick(h, taken->name, true)) return false;
        component = h.fillers[core::first(of_.solver().domain(h.of)) - h.first];
        mark_once(image_wired_, s, found::image_wire);
        wires_.push_back({none, taken->name, taken->name, none, component, h.of});
        records_.push_back({found::wire, s});
    } else {
        component = of_.component_of(taken->name);
    }
    for (const auto& [name, value] : taken->options) {
        if (!set_.emplace(component, name).second) continue;
        set_keys_.emplace_back(component, name);
        records_.push_back({found::set, component});
    }
    reach(component);
    return true;
}

} // namespace uk::resolver::facts
