// The end of a walk: versions of signatures, the answer.
#include <algorithm>

#include "resolver/walk.hpp"

namespace uk::resolver::facts {

// The least name first, of those that are asked for so far.
bool walk::signatures() {
    core::solver& s = of_.solver();
    if (of_.take_added()) return false;
    if (by_name_.size() != of_.signature_count()) {
        by_name_.resize(of_.signature_count());
        for (number i = 0; i < by_name_.size(); ++i) by_name_[i] = i;
        std::ranges::sort(by_name_, {}, [&](number i) { return of_.signature_at(i).name; });
    }
    for (const number i : by_name_) {
        const signature_variable& one = of_.signature_at(i);
        if (one.of == none || s.can_be(one.of, 0) || is_set(chosen_signatures_, i)) continue;
        core::value best = 0;
        for (core::value v = static_cast<core::value>(one.versions->size()); v > 0; --v) {
            if (!s.can_be(one.of, v)) continue;
            const bool is_locked = of_.is_locked(one.name, (*one.versions)[v - 1].id);
            if (best == 0 || is_locked || !of_.is_locked(one.name, (*one.versions)[best - 1].id)) best = v;
        }
        if (!choose(one.of, best)) return false;
        mark_once(chosen_signatures_, i, found::signature);
        for (const require& line : (*one.versions)[best - 1].requires_) {
            const std::string_view name = line.choices.front().name;
            if (of_.counts(line.line) && of_.is_component(name)) reach(of_.component_of(name));
        }
        if (at_.next < later_.size()) return true; // first what it brings in
    }
    return true;
}

answer walk::result() {
    answer a;
    a.solved = true;
    for (const number c : visits_) {
        const component& version = of_.settled(c);
        answer::component one{version.name, version.id, {}};
        for (const registry::declaration& declared : version.options)
            one.options[declared.name] = of_.option_value(c, declared);
        a.components.push_back(std::move(one));
    }
    for (number i = 0; i < of_.signature_count(); ++i) {
        if (!is_set(chosen_signatures_, i)) continue;
        const signature_variable& one = of_.signature_at(i);
        a.signatures.push_back(
            {std::string{one.name}, (*one.versions)[core::first(of_.solver().domain(one.of)) - 1].id});
    }
    std::map<std::string, answer::wire> wiring;
    for (const wire& one : wires_) {
        answer::wire& made =
            wiring[encoding::hole_name(one.owner == none ? "" : of_.instance_at(one.owner).name, one.label)];
        made.signature = one.signature;
        if (one.filler != none) made.instance = of_.instance_at(one.filler).name;
        const number c = one.filler != none ? of_.instance_at(one.filler).component : one.component;
        if (c != none) made.component = of_.component_at(c).name;
    }
    for (auto& [hole, one] : wiring) {
        one.hole = hole;
        a.wiring.push_back(std::move(one));
    }
    std::map<std::string, std::string> alternatives;
    for (const auto& [at, chosen] : alternatives_) alternatives[at] = chosen;
    for (const auto& [at, chosen] : alternatives) a.alternatives.push_back({at, chosen});
    std::ranges::sort(a.components, {}, &answer::component::name);
    std::ranges::sort(a.signatures, {}, &answer::signature::name);
    return a;
}

} // namespace uk::resolver::facts
