// Variables with finite domains and nogoods: sets of terms (variable, set of values) that must not all hold. Propagation
// with two watched terms, conflicts analysed to the first unique implication point, nogoods learnt from them, backjumping.
// The core doesn't know what its variables mean and doesn't choose: its user says each decision, always the most preferred
// one that the domains still allow. Then the first consistent assignment of everything is the first one in the order of
// the decisions, because what is learnt follows from the nogoods alone and strikes out nothing that is a solution.
// Nogoods and variables may be added at any time.
#pragma once

#include <array>
#include <limits>
#include <vector>

#include "resolver/core/values.hpp"

namespace uk::resolver::core {

using variable = std::uint32_t;

/// `of` has one of the values `in`.
struct term {
    variable of;
    values in;
};

/// What a search may use before it gives up.
struct limits {
    std::uint64_t conflicts = 200'000;
    std::uint64_t words = 16 << 20; ///< of nogoods and of what they were derived from, 8 bytes each
    std::uint32_t far = 64; ///< levels that aren't undone all at once, if that is more than a conflict needs
};

enum class outcome {
    consistent, ///< nothing follows any more; decide something
    impossible, ///< there is no solution: see `causes`
    exhausted ///< a limit is reached
};

class solver {
  public:
    explicit solver(limits most = {}) : most_{most} {}

    /// A variable with the values 0 … `size` - 1; `size` is at least 1.
    variable add_variable(std::uint32_t size);
    /// Forbids that all of `terms` hold. `cause` is the caller's name for the reason, see `causes`. Sets are copied.
    void add_nogood(std::span<const term> terms, std::uint32_t cause);

    /// Draws every conclusion. A conflict undoes decisions: `level` tells which still hold. The first `keep` do, unless a
    /// conflict is theirs alone.
    outcome settle(std::uint32_t keep = 0);
    /// Narrows a variable to `in`, which its domain meets but isn't within; opens a level. Only when consistent.
    void decide(variable of, values in);
    /// Undoes all decisions but the first `level`.
    void undo_to(std::uint32_t level);

    /// How many decisions hold.
    std::uint32_t level() const { return static_cast<std::uint32_t>(levels_.size()); }

    std::uint32_t size(variable of) const { return variables_[of].size; }
    values domain(variable of) const { return {&domains_[variables_[of].domain], word_count(variables_[of].size)}; }
    bool can_be(variable of, value v) const { return has(domain(of), v); }
    bool is_decided(variable of) const { return variables_[of].left == 1; }

    /// After `impossible`: the causes of the added nogoods that the contradiction was derived from, sorted. These nogoods
    /// alone have no solution; fewer of them might have none either.
    std::vector<std::uint32_t> causes() const;
    std::uint64_t conflicts() const { return conflicts_; }

  private:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    /// Of a set, only the words are stored in which its variable's values differ: outside of this window none is in the set,
    /// or each one (`rest`). So a set of one version, or of all but one, is a word, however many there are.
    struct held_term {
        variable of;
        std::uint32_t begin : 30; ///< of the window
        std::uint32_t many : 1; ///< the window isn't one word
        std::uint32_t rest : 1;
        word bits; ///< the window; of many words, their place in words_ and, in the high half, their number
    };
    /// The first two terms are watched: each is in a list of its variable, by `next`.
    struct nogood {
        std::uint32_t first, count; ///< in terms_
        std::uint32_t cause; ///< none: learnt, and `from` tells of what
        std::uint32_t from = 0; ///< in derivations_
        std::array<std::uint32_t, 2> next{none, none}; ///< the next watch of the list: twice a nogood, and which term
        std::array<value, 2> witness{}; ///< a value outside of the watched set: while it is left, the term doesn't hold
    };
    /// A term that holds since level 0.
    struct settled_term {
        variable of;
        value_set in;
    };
    /// What a learnt nogood follows from: nogoods, and terms that the first `changes` of the trail made hold, at level 0.
    struct derivation {
        std::vector<std::uint32_t> nogoods;
        std::vector<settled_term> settled;
        std::uint32_t changes = 0;
    };
    struct variable_state {
        std::uint32_t size;
        std::uint32_t left; ///< how many values its domain has
        std::uint32_t domain; ///< in domains_
        std::uint32_t lists; ///< in lists_: the watches of sets of one value, by value, then all others
        std::uint32_t latest = none; ///< in trail_
    };
    /// One narrowing of a domain.
    struct change {
        variable of;
        std::uint32_t before; ///< the variable's change before this one
        std::uint32_t left; ///< values until then
        std::uint32_t begin, count; ///< the words that changed
        std::uint32_t saved; ///< what they were, in saved_
        std::uint32_t reason; ///< nogood; none: a decision
        std::uint32_t level;
    };
    /// A term of the nogood that is being derived, and the change that made it hold.
    struct derived_term {
        variable of;
        std::uint32_t change;
        value_set in;
    };
    struct late_nogood {
        std::uint32_t number;
        std::uint32_t level;
    };

    values window(const held_term& one) const {
        if (!one.many) return {&one.bits, 1};
        return {&words_[static_cast<std::uint32_t>(one.bits)], static_cast<std::size_t>(one.bits >> 32)};
    }
    std::span<held_term> terms(std::uint32_t number) {
        return {terms_.data() + nogoods_[number].first, nogoods_[number].count};
    }
    std::span<const held_term> terms(std::uint32_t number) const {
        return {terms_.data() + nogoods_[number].first, nogoods_[number].count};
    }
    value_set in(const held_term& one) const;
    bool holds(const held_term& one) const;
    bool fails(const held_term& one) const;
    value witness(const held_term& one) const;

    held_term hold(const term& one);
    std::uint32_t store(std::span<const term> given, std::uint32_t cause);
    std::uint32_t& list_of(const held_term& one);
    void watch(std::uint32_t number);
    void review(std::uint32_t number);
    void propagate();
    void visit(variable of, std::uint32_t& list);
    void narrow(variable of, std::uint32_t begin, std::uint32_t count, std::uint32_t reason);
    void exclude(const held_term& one, std::uint32_t reason);
    void back_to(std::uint32_t level);
    void review_late();

    std::uint32_t change_of(variable of, values in, std::uint32_t from) const;
    bool learn(std::uint32_t keep);
    std::uint32_t target(std::uint32_t top, std::uint32_t least);
    void derive(std::uint32_t slot, std::uint32_t from);
    void derive_from(std::uint32_t number, variable except);
    std::uint64_t used() const { return words_.size() + 2 * terms_.size() + derived_numbers_ / 2; }

    limits most_;
    std::vector<variable_state> variables_;
    std::vector<std::uint32_t> lists_;
    std::vector<word> domains_, words_, saved_;
    std::vector<held_term> terms_;
    std::vector<nogood> nogoods_;
    std::vector<derivation> derivations_;
    std::vector<change> trail_;
    std::vector<std::uint32_t> levels_; ///< size of the trail when each was opened
    std::vector<late_nogood> late_; ///< follow from less than the level that they were drawn at; by level
    std::uint64_t reviewed_ = 0; ///< how many of these, since the last far way back
    std::vector<std::uint32_t> slots_; ///< by variable, in derived_
    std::vector<derived_term> derived_;
    std::vector<term> useful_; ///< of the nogood that is being added
    std::vector<value_set> met_;
    derivation deriving_;
    std::uint32_t top_ = 0,
                  at_top_ = 0; ///< where the last decision's changes begin, and how many derived terms are there
    std::uint64_t derived_numbers_ = 0; ///< in derivations_
    std::size_t drawn_ = 0; ///< changes whose watchers have been visited
    std::uint32_t conflict_ = none;
    std::uint64_t conflicts_ = 0;
    bool impossible_ = false;
};

} // namespace uk::resolver::core
