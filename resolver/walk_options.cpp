// Options that aren't at their default: something in the image has to set them.
#include <algorithm>

#include "resolver/walk.hpp"

namespace uk::resolver::facts {

namespace {

using type = part::type;

} // namespace

bool walk::options_are_set() {
    if (!of_.sets_options()) return true;
    core::solver& s = of_.solver();
    for (const number c : visits_) {
        for (const registry::declaration& one : of_.settled(c).options) {
            const option_variable& o = of_.option(c, one.name);
            if (s.can_be(o.of, 0) || set_.contains({c, one.name})) continue;
            if (of_.option_value(c, one) == registry::value_text(one.type, *one.fallback)) continue;
            if (of_.demand_setter(c, one.name)) return false;
            of_.forbid(why_unset(c, one), 0);
            return false;
        }
    }
    return true;
}

// What could set the option isn't in the image, nor what could bring that in, and so on, up to what is in the image and has
// chosen otherwise: while it chooses so, nothing sets the option.
terms walk::why_unset(number c, const registry::declaration& declared) {
    if (!bringers_) bringers_.emplace(of_.known(), of_.asked());
    std::set<part> image{{type::component, ""}};
    for (const number one : visits_) image.insert({type::component, of_.component_at(one).name});
    for (const number one : reached_list_) image.insert({type::instance, of_.instance_at(one).name});
    for (number i = 0; i < of_.signature_count(); ++i)
        if (is_set(chosen_signatures_, i)) image.insert({type::signature, of_.signature_at(i).name});

    const std::string value = of_.option_value(c, declared);
    std::set<part> outside, border;
    std::vector<part> open;
    const auto look_at = [&](const part& one) {
        if (image.contains(one)) border.insert(one);
        else if (outside.insert(one).second) open.push_back(one);
    };
    for (const index::setter& one : of_.setters_of(c, declared.name))
        if (encoding::normal_value(of_.settled(c), declared.name, one.value) == value)
            look_at({type::component, one.owner == none ? "" : of_.known().components()[one.owner].name});
    while (!open.empty()) {
        const part one = open.back();
        open.pop_back();
        for (const part& by : bringers_->of(one)) look_at(by);
    }

    terms all{of_.as_it_is(of_.option(c, declared.name).of), of_.as_it_is(of_.component_at(c).of)};
    const auto meets_outside = [&](const std::vector<part>& brought) {
        return std::ranges::any_of(brought, [&](const part& one) { return outside.contains(one); });
    };
    const auto matters = [&](const choice& one) {
        return meets_outside(bringers_->brought_by(one)) ||
               std::ranges::any_of(one.options, [&](const auto& set) { return set.first == declared.name; });
    };
    // Is it a condition that makes the line say nothing? Then as long as the options are what they are.
    const auto says_nothing = [&](number component, const registry::condition& when) {
        if (of_.holds(component, when)) return false;
        for (const std::string& name : when.options()) all.push_back(of_.as_it_is(of_.option(component, name).of));
        return true;
    };
    const auto add_lines = [&](number component, std::string_view owner, const std::vector<require>& lines) {
        for (const require& line : lines) {
            if (!of_.counts(line.line) || std::ranges::none_of(line.choices, matters)) continue;
            if (says_nothing(component, line.when)) continue;
            const choice* taken = &line.choices.front();
            if (line.choices.size() > 1) {
                const core::variable a = of_.choice_at(of_.alternative(owner, line)).of;
                all.push_back(of_.as_it_is(a));
                taken = &line.choices[core::first(of_.solver().domain(a)) - 1];
            }
            const number s = of_.signature_of(taken->name);
            if (of_.is_image_scope(s)) all.push_back(of_.as_it_is(of_.choice_at(of_.image_hole(s)).of));
        }
    };
    const auto add_needs = [&](number component, number instance, const auto& needs) {
        for (const need& line : needs) {
            if (!of_.counts(line.line) || !meets_outside(bringers_->brought_by(line))) continue;
            if (!says_nothing(component, line.when))
                all.push_back(of_.as_it_is(of_.choice_at(of_.hole(instance, line.label)).of));
        }
    };
    for (const part& one : border) {
        if (one.name.empty()) {
            add_lines(none, "", of_.asked().requires_);
            add_lines(none, of_.aim().name, of_.aim().requires_);
            add_needs(none, none, of_.asked().needs);
        } else if (one.kind == type::signature) {
            all.push_back(of_.as_it_is(of_.signature_at(of_.signature_of(one.name)).of));
        } else if (one.kind == type::component) {
            const number component = of_.component_of(one.name);
            all.push_back(of_.as_it_is(of_.component_at(component).of));
            add_lines(component, one.name, of_.settled(component).requires_);
        } else {
            const number instance = of_.instance_of(one.name), component = of_.instance_at(instance).component;
            all.push_back(of_.as_it_is(of_.component_at(component).of));
            add_needs(component, instance, of_.settled(component).needs);
        }
    }
    return all;
}

} // namespace uk::resolver::facts
