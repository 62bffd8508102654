#include "resolver/core/solver.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace uk::resolver::core {

variable solver::add_variable(std::uint32_t size) {
    const value_set all = all_values(size);
    variables_.push_back(
        {size, size, static_cast<std::uint32_t>(domains_.size()), static_cast<std::uint32_t>(lists_.size())});
    domains_.insert(domains_.end(), all.begin(), all.end());
    lists_.resize(lists_.size() + size + 1, none);
    slots_.push_back(none);
    return static_cast<variable>(variables_.size() - 1);
}

void solver::add_nogood(std::span<const term> given, std::uint32_t cause) {
    if (used() > most_.words) return; // `settle` says so
    // One term a variable: both of two hold exactly where their intersection does.
    useful_.clear();
    met_.clear();
    met_.reserve(given.size()); // what it holds is pointed at
    bool never = false;
    for (const term& one : given) {
        std::uint32_t& slot = slots_[one.of];
        if (slot == none) {
            slot = static_cast<std::uint32_t>(useful_.size());
            useful_.push_back(one);
            continue;
        }
        value_set& both = met_.emplace_back(useful_[slot].in);
        for (std::size_t i = 0; i < both.size(); ++i) both[i] &= one.in[i];
        useful_[slot].in = both;
    }
    for (const term& one : useful_) {
        slots_[one.of] = none;
        never = never || is_empty(one.in);
    }
    if (never) return;
    std::erase_if(useful_,
                  [&](const term& one) { return is_everything(one.in, variables_[one.of].size); }); // always holds
    review(store(useful_, cause));
}

// Leaves out the words on both sides in which the set has no value, or those in which it has every one: what is shorter.
solver::held_term solver::hold(const term& one) {
    const std::uint32_t size = variables_[one.of].size;
    const auto all = [&](std::size_t i) {
        return i + 1 < one.in.size() || size % 64 == 0 ? ~word{0} : (word{1} << (size % 64)) - 1;
    };
    const auto trim = [&](bool rest) {
        std::size_t begin = 0, end = one.in.size();
        const auto is_same = [&](std::size_t i) { return one.in[i] == (rest ? all(i) : 0); };
        while (begin + 1 < end && is_same(begin)) ++begin;
        while (begin + 1 < end && is_same(end - 1)) --end;
        return std::pair{begin, end};
    };
    auto [begin, end] = trim(false);
    bool rest = false;
    if (end - begin > 1) {
        const auto other = trim(true);
        rest = other.second - other.first < end - begin;
        if (rest) std::tie(begin, end) = other;
    }
    held_term made{one.of, static_cast<std::uint32_t>(begin) & 0x3fffffff, end - begin > 1, rest, one.in[begin]};
    if (made.many) {
        made.bits = words_.size() | static_cast<word>(end - begin) << 32;
        words_.insert(words_.end(), one.in.begin() + static_cast<std::ptrdiff_t>(begin),
                      one.in.begin() + static_cast<std::ptrdiff_t>(end));
    }
    return made;
}

value_set solver::in(const held_term& one) const {
    value_set all = one.rest ? all_values(variables_[one.of].size) : no_values(variables_[one.of].size);
    std::ranges::copy(window(one), all.begin() + one.begin);
    return all;
}

bool solver::holds(const held_term& one) const {
    const variable_state& state = variables_[one.of];
    const word* const mine = &domains_[state.domain + one.begin];
    if (!one.many) {
        if ((*mine & ~one.bits) != 0) return false;
        return one.rest || count(*mine) == state.left;
    }
    const values in = window(one);
    return is_within({mine, in.size()}, in) && (one.rest || count({mine, in.size()}) == state.left);
}

bool solver::fails(const held_term& one) const {
    const variable_state& state = variables_[one.of];
    const word* const mine = &domains_[state.domain + one.begin];
    if (!one.many) {
        if ((*mine & one.bits) != 0) return false;
        return !one.rest || count(*mine) == state.left;
    }
    const values in = window(one);
    return !meets({mine, in.size()}, in) && (!one.rest || count({mine, in.size()}) == state.left);
}

// A value outside of the set: one that is left, if there is one.
value solver::witness(const held_term& one) const {
    const values mine = domain(one.of), in = window(one);
    for (std::size_t i = 0; i < mine.size(); ++i) {
        const bool inside = i >= one.begin && i < one.begin + in.size();
        const word out = mine[i] & ~(inside ? in[i - one.begin] : one.rest ? ~word{0} : 0);
        if (out != 0) return static_cast<value>(64 * i + static_cast<std::size_t>(std::countr_zero(out)));
    }
    return first(complement(variables_[one.of].size, this->in(one)));
}

std::uint32_t solver::store(std::span<const term> given, std::uint32_t cause) {
    const auto number = static_cast<std::uint32_t>(nogoods_.size());
    nogoods_.push_back({static_cast<std::uint32_t>(terms_.size()), static_cast<std::uint32_t>(given.size()), cause});
    for (const term& one : given) terms_.push_back(hold(one));
    watch(number);
    return number;
}

// A set of one value can only come to hold when its variable is decided.
std::uint32_t& solver::list_of(const held_term& one) {
    const variable_state& state = variables_[one.of];
    const bool single = !one.many && !one.rest && std::has_single_bit(one.bits);
    return lists_[state.lists +
                  (single ? 64 * one.begin + static_cast<std::uint32_t>(std::countr_zero(one.bits)) : state.size)];
}

// Watched are two terms that don't hold or, where there are none, those that came to hold last: going back frees them first.
void solver::watch(std::uint32_t number) {
    const auto all = terms(number);
    const auto since = [&](const held_term& one) -> std::uint64_t {
        if (!holds(one)) return std::uint64_t{none} + 1;
        const std::uint32_t at = change_of(one.of, in(one), variables_[one.of].latest);
        return at == none ? 0 : at + 1;
    };
    for (std::size_t i = 0; i < 2 && i < all.size(); ++i) {
        std::size_t best = i;
        std::uint64_t latest = since(all[i]);
        for (std::size_t k = i + 1; k < all.size() && latest <= none; ++k)
            if (const std::uint64_t other = since(all[k]); other > latest) best = k, latest = other;
        std::swap(all[i], all[best]);
        if (all.size() == 1) continue;
        nogood& mine = nogoods_[number];
        mine.witness[i] = witness(all[i]);
        mine.next[i] = std::exchange(list_of(all[i]), 2 * number + static_cast<std::uint32_t>(i));
    }
}

// Draws what follows from a nogood whose watchers can't have seen it. Where it follows from less
// than the current level, it has to be drawn again after going back to less than this level.
void solver::review(std::uint32_t number) {
    const auto all = terms(number);
    const auto is_open = [&](const held_term& one) { return !holds(one); };
    const auto open = std::ranges::find_if(all, is_open);
    if (open != all.end() && std::find_if(open + 1, all.end(), is_open) != all.end()) return;
    if (level() > 0) late_.push_back({number, level()});
    if (open == all.end()) {
        if (conflict_ == none) conflict_ = number;
    } else if (!fails(*open)) {
        exclude(*open, number);
    }
}

void solver::review_late() {
    std::vector<late_nogood> again;
    while (!late_.empty() && late_.back().level > level()) {
        again.push_back(late_.back());
        late_.pop_back();
    }
    reviewed_ += again.size();
    for (auto one = again.rbegin(); one != again.rend(); ++one) review(one->number);
}

outcome solver::settle(std::uint32_t keep) {
    while (!impossible_) {
        if (used() > most_.words) return outcome::exhausted;
        if (conflict_ == none) propagate();
        if (conflict_ == none) return outcome::consistent;
        if (++conflicts_ > most_.conflicts) return outcome::exhausted;
        if (!learn(keep)) impossible_ = true;
    }
    return outcome::impossible;
}

void solver::propagate() {
    while (drawn_ < trail_.size() && conflict_ == none) {
        const std::size_t at = drawn_++;
        const variable of = trail_[at].of;
        const variable_state& state = variables_[of];
        if (state.latest != at) continue; // a later change of the same variable will visit them all
        if (state.left == 1) visit(of, lists_[state.lists + first(domain(of))]);
        if (conflict_ == none) visit(of, lists_[state.lists + state.size]);
    }
}

void solver::visit(variable of, std::uint32_t& list) {
    for (std::uint32_t* link = &list; *link != none && conflict_ == none;) {
        const std::uint32_t at = *link, number = at / 2, mine = at % 2;
        nogood& one = nogoods_[number];
        if (can_be(of, one.witness[mine])) {
            link = &one.next[mine];
            continue;
        }
        const auto all = terms(number);
        const held_term& other = all[1 - mine];
        if (!holds(all[mine])) {
            one.witness[mine] = witness(all[mine]);
        } else if (!fails(other)) {
            std::size_t next = 2;
            while (next < all.size() && holds(all[next])) ++next;
            if (next < all.size()) {
                *link = one.next[mine];
                std::swap(all[mine], all[next]);
                one.witness[mine] = witness(all[mine]);
                one.next[mine] = std::exchange(list_of(all[mine]), at);
                continue;
            }
            if (holds(other)) conflict_ = number;
            else exclude(other, number);
        }
        link = &one.next[mine];
    }
}

void solver::exclude(const held_term& one, std::uint32_t reason) {
    const values out = window(one);
    word* const mine = &domains_[variables_[one.of].domain];
    if (!one.rest) {
        narrow(one.of, one.begin, static_cast<std::uint32_t>(out.size()), reason);
        for (std::size_t i = 0; i < out.size(); ++i) {
            variables_[one.of].left -= count(mine[one.begin + i] & out[i]);
            mine[one.begin + i] &= ~out[i];
        }
    } else {
        const std::size_t words = domain(one.of).size();
        narrow(one.of, 0, static_cast<std::uint32_t>(words), reason);
        for (std::size_t i = 0; i < words; ++i) {
            const bool inside = i >= one.begin && i < one.begin + out.size();
            mine[i] &= inside ? ~out[i - one.begin] : 0;
        }
        variables_[one.of].left = count(domain(one.of));
    }
}

void solver::decide(variable of, values to) {
    levels_.push_back(static_cast<std::uint32_t>(trail_.size()));
    narrow(of, 0, static_cast<std::uint32_t>(to.size()), none);
    word* const mine = &domains_[variables_[of].domain];
    for (std::size_t i = 0; i < to.size(); ++i) mine[i] &= to[i];
    variables_[of].left = count(domain(of));
}

// Before words of a domain change: remembers them.
void solver::narrow(variable of, std::uint32_t begin, std::uint32_t count, std::uint32_t reason) {
    variable_state& state = variables_[of];
    trail_.push_back(
        {of, state.latest, state.left, begin, count, static_cast<std::uint32_t>(saved_.size()), reason, level()});
    const word* const from = &domains_[state.domain + begin];
    saved_.insert(saved_.end(), from, from + count);
    state.latest = static_cast<std::uint32_t>(trail_.size() - 1);
}

void solver::undo_to(std::uint32_t to) {
    back_to(to);
    review_late();
}

void solver::back_to(std::uint32_t to) {
    if (to >= level()) return;
    const std::uint32_t size = levels_[to];
    while (trail_.size() > size) {
        const change& last = trail_.back();
        variable_state& state = variables_[last.of];
        std::copy_n(saved_.begin() + last.saved, last.count, domains_.begin() + state.domain + last.begin);
        state.left = last.left;
        state.latest = last.before;
        saved_.resize(last.saved);
        trail_.pop_back();
    }
    levels_.resize(to);
    drawn_ = std::min(drawn_, trail_.size());
}

} // namespace uk::resolver::core
