// What a conflict teaches: the nogoods that led to it are resolved, the latest change first, until one term of the last
// decision's level is left. Resolving {x in A, C} with {x in B, R} yields {x in A or B, C, R}; a variable in both keeps the
// intersection.
#include <algorithm>

#include "resolver/core/solver.hpp"

namespace uk::resolver::core {

namespace {

constexpr std::uint64_t reviews_a_level = 8; // cost about as much as to decide it again

} // namespace

// The change since which the variable's domain lies within `in`, no later than `from`, when it does; of several at level 0,
// the last. None: it always did.
std::uint32_t solver::change_of(variable of, values in, std::uint32_t from) const {
    std::uint32_t at = from;
    for (; at != none && trail_[at].level > 0; at = trail_[at].before) {
        const change& one = trail_[at];
        if (!is_within({&saved_[one.saved], one.count}, in.subspan(one.begin, one.count))) return at;
    }
    return at == none || is_everything(in, variables_[of].size) ? none : at;
}

// Looks up since when a term holds whose set is new; one that always did, or that holds since level 0, needn't be said, only
// remembered.
void solver::derive(std::uint32_t slot, std::uint32_t from) {
    derived_term& one = derived_[slot];
    if (one.change != none && one.change >= top_) --at_top_;
    one.change = change_of(one.of, one.in, from);
    if (one.change != none && trail_[one.change].level > 0) {
        at_top_ += one.change >= top_ ? 1 : 0;
        return;
    }
    if (one.change != none) deriving_.settled.push_back({one.of, std::move(one.in)});
    slots_[one.of] = none;
    if (slot + 1 != derived_.size()) {
        one = std::move(derived_.back());
        slots_[one.of] = slot;
    }
    derived_.pop_back();
}

void solver::derive_from(std::uint32_t number, variable except) {
    deriving_.nogoods.push_back(number);
    for (const held_term& one : terms(number)) {
        if (one.of == except) continue;
        std::uint32_t& slot = slots_[one.of];
        if (slot == none) {
            slot = static_cast<std::uint32_t>(derived_.size());
            derived_.push_back({one.of, none, in(one)});
        } else {
            value_set& mine = derived_[slot].in;
            const value_set other = in(one);
            for (std::size_t i = 0; i < mine.size(); ++i) mine[i] &= other[i];
        }
        derive(slot, variables_[one.of].latest);
    }
}

// How far to go back from a conflict of `top`, where what was learnt says something from `least` on. A far way back is a far
// way forth, mostly with the same decisions: then only the last one is undone, and what follows from less is drawn again at
// each step back. Once that has cost as much as going all the way, it is gone.
std::uint32_t solver::target(std::uint32_t top, std::uint32_t least) {
    if (top < least + most_.far) return least;
    if (reviewed_ <= reviews_a_level * std::uint64_t{top}) return top - 1;
    reviewed_ = 0;
    return least;
}

// Learns from the conflict, goes back to where what was learnt still says something, or less far to keep decisions, and draws
// it. False: no solution.
bool solver::learn(std::uint32_t keep) {
    const std::uint32_t conflict = conflict_;
    conflict_ = none;
    deriving_ = {};
    deriving_.changes = levels_.empty() ? static_cast<std::uint32_t>(trail_.size()) : levels_.front();
    top_ = at_top_ = 0;
    derive_from(conflict, none);

    const auto level_of = [&](const derived_term& one) { return trail_[one.change].level; };
    std::uint32_t top = 0;
    for (const derived_term& one : derived_) top = std::max(top, level_of(one));
    if (top > 0) top_ = levels_[top - 1];
    at_top_ = static_cast<std::uint32_t>(
        std::ranges::count_if(derived_, [&](const derived_term& one) { return one.change >= top_; }));
    for (std::size_t at = trail_.size(); at_top_ > 1;) {
        do --at;
        while (slots_[trail_[at].of] == none || derived_[slots_[trail_[at].of]].change != at);
        const change latest = trail_[at];
        for (const held_term& one : terms(latest.reason)) {
            if (one.of != latest.of) continue;
            const std::uint32_t slot = slots_[one.of];
            value_set& mine = derived_[slot].in;
            const value_set other = in(one);
            for (std::size_t i = 0; i < mine.size(); ++i) mine[i] |= other[i];
            derive(slot, latest.before);
        }
        derive_from(latest.reason, latest.of);
    }

    const auto from = static_cast<std::uint32_t>(derivations_.size());
    derived_numbers_ += deriving_.nogoods.size() + 8 * deriving_.settled.size();
    derivations_.push_back(std::move(deriving_));
    std::uint32_t second = 0;
    std::vector<term> learnt;
    for (const derived_term& one : derived_) {
        learnt.push_back({one.of, one.in});
        if (level_of(one) < top) second = std::max(second, level_of(one));
        slots_[one.of] = none;
    }
    const bool possible = !derived_.empty();
    back_to(possible ? target(top, top > keep ? std::max(second, keep) : second) : 0);
    const std::uint32_t number = store(learnt, none);
    nogoods_[number].from = from;
    derived_.clear();
    if (!possible) {
        conflict_ = number;
        return false;
    }
    review_late();
    review(number);
    return true;
}

// Goes back through what was concluded at level 0, with the sets in which domains have to lie: a change that isn't needed for
// that needs no reason. What was learnt stands where it was learnt, so that nothing is its own reason.
std::vector<std::uint32_t> solver::causes() const {
    std::vector<std::uint32_t> found;
    if (!impossible_) return found;
    std::vector<bool> seen(nogoods_.size());
    std::vector<std::pair<std::uint32_t, std::uint32_t>> learnt; // a heap: where, which
    const auto use = [&](std::uint32_t number) {
        if (seen[number]) return;
        seen[number] = true;
        const nogood& one = nogoods_[number];
        if (one.cause != none) return found.push_back(one.cause);
        learnt.emplace_back(derivations_[one.from].changes, number);
        std::ranges::push_heap(learnt);
    };
    std::vector<value_set> needed(variables_.size()); // no words: anything
    const auto need = [&](variable of, const value_set& in) {
        value_set& mine = needed[of];
        if (mine.size() == 0) mine = in;
        else
            for (std::size_t i = 0; i < mine.size(); ++i) mine[i] &= in[i];
    };
    use(conflict_);
    for (std::size_t at = trail_.size();; --at) {
        while (!learnt.empty() && learnt.front().first == at) {
            const derivation& from = derivations_[nogoods_[learnt.front().second].from];
            std::ranges::pop_heap(learnt);
            learnt.pop_back();
            for (const std::uint32_t before : from.nogoods) use(before);
            for (const settled_term& one : from.settled) need(one.of, one.in);
        }
        if (at == 0) break;
        const change& last = trail_[at - 1];
        value_set& mine = needed[last.of];
        if (mine.size() == 0 || is_within({&saved_[last.saved], last.count},
                                          values{mine.data(), mine.size()}.subspan(last.begin, last.count)))
            continue;
        use(last.reason);
        for (const held_term& one : terms(last.reason)) {
            const value_set other = in(one);
            if (one.of != last.of) need(one.of, other);
            else
                for (std::size_t i = 0; i < mine.size(); ++i) mine[i] |= other[i];
        }
        if (is_everything(mine, variables_[last.of].size)) mine = {};
    }
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
    return found;
}

} // namespace uk::resolver::core
