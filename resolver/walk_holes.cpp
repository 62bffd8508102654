// Holes: who fills them, and what two of them have together.
#include <algorithm>
#include <tuple>

#include "resolver/walk.hpp"

namespace uk::resolver::facts {

std::size_t walk::rank(std::string_view signature, std::string_view name) const {
    std::size_t place = 0;
    for (const equation& one : of_.aim().prefers) {
        if (one.left == signature && one.right == name) break;
        ++place;
    }
    return place;
}

// A name for a hole: what is there already, then what the target prefers, then by name. Of many names only those are looked
// at that can be before the first.
bool walk::pick(const choice_variable& from, std::string_view signature, bool image) {
    if (of_.take_added()) return false;
    core::solver& s = of_.solver();
    std::tuple<bool, std::size_t, core::value> best{true, none, 0};
    const auto consider = [&](core::value v) {
        if (v < from.first || !s.can_be(from.of, v)) return;
        const number filler = from.fillers[v - from.first];
        const bool is_there =
            image ? is_set(image_, filler) : is_set(reached_instances_, filler) || of_.instance_at(filler).named;
        best = std::min(best, {!is_there, rank(signature, from.names[v - from.first]), v});
    };
    const std::vector<number>& there = image ? image_list_ : reached_list_;
    if (8 * (there.size() + of_.named().size()) < from.names.size()) {
        for (const number one : there)
            consider(from.value_of(image ? of_.component_at(one).name : of_.instance_at(one).name));
        for (const auto& [name, instance] : of_.named()) consider(from.value_of(name));
        for (const equation& one : of_.aim().prefers) consider(from.value_of(one.right));
        consider(core::first_behind(s.domain(from.of), from.first - 1));
    } else {
        for (core::value v = from.first; v < s.size(from.of); ++v) consider(v);
    }
    const core::value v = std::get<core::value>(best);
    return v != 0 ? choose(from.of, v) : image || choose(from.of, core::value{1});
}

bool walk::need_line(number owner, const need& line) {
    if (!of_.counts(line.line) || !of_.holds(owner == none ? none : of_.instance_at(owner).component, line.when))
        return true;
    const choice_variable& h = of_.choice_at(of_.hole(owner, line.label));
    rule_out_taken(owner, line, h);
    if (!pick(h, line.signature.name, false)) return false;
    const core::value v = core::first(of_.solver().domain(h.of));
    const number filler = v < h.first ? none : h.fillers[v - h.first];
    if (filler != none && goes_in_a_circle(owner, line, h.of, filler)) return false;
    wires_.push_back({owner, line.label, line.signature.name, filler, none, h.of});
    records_.push_back({found::wire, 0});
    if (filler == none) return true;
    if (of_.is_exclusive(of_.signature_of(line.signature.name))) {
        exclusive_.push_back(wires_.back());
        records_.push_back({found::exclusive, 0});
    }
    if (owner != none) {
        if (owner >= out_.size()) out_.resize(std::max<std::size_t>(owner + 1, 2 * out_.size()));
        out_[owner].push_back({filler, h.of});
        records_.push_back({found::edge, owner});
    }
    reach_instance(filler);
    return true;
}

// Two holes with an exclusive signature have no filler in common, nor have two labels of the request: a nogood says so of
// each filler that is taken, once a second hole could have it.
void walk::rule_out_taken(number owner, const need& line, const choice_variable& mine) {
    const auto rule_out = [&](const wire& other, rule why) {
        const core::value v = mine.value_of(of_.instance_at(other.filler).name);
        if (other.hole == mine.of || v == 0 || !of_.solver().can_be(mine.of, v)) return;
        of_.forbid({{mine.of, core::only(of_.solver().size(mine.of), v)}, of_.as_it_is(other.hole)}, line.line, why);
    };
    if (of_.is_exclusive(of_.signature_of(line.signature.name))) {
        for (const wire& other : exclusive_)
            if (other.signature == line.signature.name) rule_out(other, rule::exclusive);
    } else if (owner == none) {
        for (const wire& other : wires_)
            if (other.owner == none && other.filler != none && other.signature == line.signature.name &&
                of_.same_as(other.label) != of_.same_as(line.label))
                rule_out(other, rule::shared);
    }
}

bool walk::goes_in_a_circle(number owner, const need& line, core::variable mine, number filler) {
    terms circle;
    if (owner == none || !ends_where_it_began(owner, filler, circle)) return false;
    circle.push_back(of_.as_it_is(mine));
    of_.forbid(circle, line.line, rule::circle);
    return true;
}

bool walk::ends_where_it_began(number owner, number filler, terms& circle) {
    if (filler != owner && (filler >= out_.size() || out_[filler].empty())) return false;
    const std::size_t size = std::max({out_.size(), std::size_t{owner} + 1, std::size_t{filler} + 1});
    if (seen_.size() < size) {
        seen_.resize(2 * size);
        came_.resize(2 * size);
    }
    std::vector<number> open{filler};
    seen_[filler] = ++searches_;
    while (!open.empty()) {
        const number at = open.back();
        open.pop_back();
        if (at == owner) {
            for (number back = owner; back != filler; back = came_[back].first)
                circle.push_back(of_.as_it_is(came_[back].second));
            return true;
        }
        if (at >= out_.size()) continue;
        for (const edge& next : out_[at]) {
            if (next.filler >= seen_.size()) {
                seen_.resize(2 * std::size_t{next.filler} + 2);
                came_.resize(seen_.size());
            }
            if (std::exchange(seen_[next.filler], searches_) == searches_) continue;
            came_[next.filler] = {at, next.hole};
            open.push_back(next.filler);
        }
    }
    return false;
}

} // namespace uk::resolver::facts
