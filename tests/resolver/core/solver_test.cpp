// The core alone, against brute force: random variables, nogoods and orders of decisions.
#include "resolver/core/solver.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "tests/resolver/number.hpp"

namespace uk::resolver::core {

namespace {

struct known_nogood {
    std::vector<std::pair<variable, value_set>> terms;
    bool late; ///< added when its first variable is decided, else at the beginning
};

struct problem {
    std::vector<std::uint32_t> sizes;
    std::vector<known_nogood> nogoods;
    std::vector<std::pair<variable, std::vector<value_set>>> wishes; ///< decided first: a variable, the sets to prefer
    unsigned seed;
};

using assignment = std::vector<value>;

problem draw(unsigned seed) {
    std::mt19937 dice{seed};
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(dice() % n); };
    problem p{.sizes = {}, .nogoods = {}, .wishes = {}, .seed = seed};
    const bool wide = below(8) == 0;
    for (std::uint32_t i = 2 + below(wide ? 1 : 5); i > 0; --i) p.sizes.push_back(1 + below(wide ? 200 : 5));
    const auto subset = [&](variable of) {
        value_set some = no_values(p.sizes[of]);
        const std::uint32_t share = 2 + below(3);
        for (value v = 0; v < p.sizes[of]; ++v)
            if (below(share) == 0) put(some, v);
        return below(3) == 0 ? complement(p.sizes[of], some) : some;
    };
    const auto any = [&] { return below(static_cast<std::uint32_t>(p.sizes.size())); };
    for (std::uint32_t i = below(22); i > 0; --i) {
        known_nogood one{.terms = {}, .late = below(2) == 0};
        for (std::uint32_t k = below(12) == 0 ? 1 : 2 + below(2); k > 0; --k) {
            const variable of = any();
            one.terms.emplace_back(of, subset(of));
        }
        p.nogoods.push_back(one);
    }
    for (std::uint32_t i = below(4); i > 0; --i) {
        const variable of = any();
        p.wishes.emplace_back(of, std::vector{subset(of), subset(of)});
    }
    return p;
}

bool violates(const assignment& all, const known_nogood& one) {
    return std::ranges::all_of(one.terms, [&](const auto& t) { return has(t.second, all[t.first]); });
}

std::vector<assignment> solutions(const problem& p, const std::vector<known_nogood>& nogoods) {
    std::vector<assignment> found;
    assignment all(p.sizes.size());
    for (bool more = true; more;) {
        if (std::ranges::none_of(nogoods, [&](const auto& one) { return violates(all, one); })) found.push_back(all);
        more = false;
        for (std::size_t i = 0; i < all.size() && !more; ++i) {
            more = ++all[i] < p.sizes[i];
            if (!more) all[i] = 0;
        }
    }
    return found;
}

// The order of decisions: the wishes; then variables and their values as what was chosen so far commands.
class order {
  public:
    explicit order(const problem& p) : problem_{p}, chosen_(p.sizes.size()) {}

    bool is_over() const { return step_ == problem_.wishes.size() + problem_.sizes.size(); }
    variable of() const {
        if (step_ < problem_.wishes.size()) return problem_.wishes[step_].first;
        variable of = static_cast<variable>(hash_ % chosen_.size());
        while (chosen_[of]) of = static_cast<variable>((of + 1) % chosen_.size());
        return of;
    }
    std::vector<value_set> candidates() const {
        if (step_ < problem_.wishes.size()) return problem_.wishes[step_].second;
        std::vector<value_set> one_by_one;
        for (value i = 0; i < problem_.sizes[of()]; ++i)
            one_by_one.push_back(
                only(problem_.sizes[of()], (i + static_cast<value>(hash_ / 7)) % problem_.sizes[of()]));
        return one_by_one;
    }
    void choose(std::size_t candidate) {
        if (step_ >= problem_.wishes.size()) chosen_[of()] = true;
        hash_ = (hash_ + candidate + 1) * 0x9e3779b97f4a7c15 >> 7;
        ++step_;
    }

  private:
    const problem& problem_;
    std::vector<bool> chosen_;
    std::size_t step_ = 0;
    std::uint64_t hash_ = 12345 + problem_.seed;
};

assignment first_by_force(const problem& p, std::vector<assignment> left) {
    for (order o{p}; !o.is_over();) {
        const auto candidates = o.candidates();
        std::size_t chosen = candidates.size();
        for (std::size_t i = 0; i < candidates.size() && chosen == candidates.size(); ++i) {
            std::vector<assignment> kept;
            std::ranges::copy_if(left, std::back_inserter(kept),
                                 [&](const assignment& one) { return has(candidates[i], one[o.of()]); });
            if (kept.empty()) continue;
            left = kept;
            chosen = i;
        }
        o.choose(chosen);
    }
    return left.front();
}

struct answer {
    outcome end;
    assignment values;
    std::vector<std::uint32_t> causes;
};

answer solve(const problem& p) {
    solver s{{.far = p.seed % 2 == 0 ? 64u : 1u}};
    for (const std::uint32_t size : p.sizes) s.add_variable(size);
    std::vector<bool> added(p.nogoods.size());
    const auto add = [&](std::size_t i) {
        std::vector<term> terms;
        for (const auto& [of, in] : p.nogoods[i].terms) terms.push_back({of, in});
        s.add_nogood(terms, static_cast<std::uint32_t>(i));
        added[i] = true;
    };
    for (std::size_t i = 0; i < p.nogoods.size(); ++i)
        if (!p.nogoods[i].late) add(i);
    for (;;) {
        if (const outcome end = s.settle(); end != outcome::consistent) return {end, {}, s.causes()};
        bool waits = false;
        order o{p};
        while (!o.is_over() && !waits) {
            for (std::size_t i = 0; i < p.nogoods.size(); ++i) {
                if (added[i] || p.nogoods[i].terms.front().first != o.of()) continue;
                add(i);
                waits = true;
            }
            if (waits) break;
            const auto candidates = o.candidates();
            const auto at = std::ranges::find_if(candidates, [&](const auto& c) { return meets(s.domain(o.of()), c); });
            if (at != candidates.end() && !is_within(s.domain(o.of()), *at)) {
                s.decide(o.of(), *at);
                waits = true;
                break;
            }
            o.choose(static_cast<std::size_t>(at - candidates.begin()));
        }
        if (waits) continue;
        answer found{outcome::consistent, {}, {}};
        for (variable of = 0; of < p.sizes.size(); ++of) found.values.push_back(first(s.domain(of)));
        return found;
    }
}

TEST(solver_core, the_answer_is_the_first_in_the_order) {
    const unsigned first_seed = testing::number("UK_SEED", 1), count = testing::number("UK_PROBLEMS", 4000);
    unsigned solved = 0, none = 0, late = 0;
    for (unsigned seed = first_seed; seed < first_seed + count; ++seed) {
        const problem p = draw(seed);
        const auto all = solutions(p, p.nogoods);
        const answer got = solve(p);
        if (all.empty()) {
            ++none;
            ASSERT_EQ(got.end, outcome::impossible) << "seed " << seed;
            std::vector<known_nogood> cited;
            for (const std::uint32_t i : got.causes) cited.push_back(p.nogoods[i]);
            ASSERT_TRUE(solutions(p, cited).empty()) << "seed " << seed << ": the causes have a solution";
            late += cited.size() < p.nogoods.size();
        } else {
            ++solved;
            ASSERT_EQ(got.end, outcome::consistent) << "seed " << seed;
            ASSERT_EQ(got.values, first_by_force(p, all)) << "seed " << seed;
        }
    }
    if (count >= 1000) {
        EXPECT_GT(solved, count / 4);
        EXPECT_GT(none, count / 10);
        EXPECT_GT(late, none / 4);
    }
}

TEST(solver_core, causes_are_only_what_narrowed_as_far_as_needed) {
    solver s;
    const variable x = s.add_variable(4), y = s.add_variable(2);
    const value_set yes = only(2, 1);
    s.add_nogood(std::vector<term>{{x, only(4, 3)}}, 0);
    s.add_nogood(std::vector<term>{{x, only(4, 0)}}, 1);
    value_set rest = only(4, 1);
    put(rest, 2);
    s.add_nogood(std::vector<term>{{x, rest}, {y, yes}}, 2); // y is 0 because of all three
    value_set not_zero = rest;
    put(not_zero, 3);
    s.add_nogood(std::vector<term>{{x, not_zero}}, 3); // and x can't be anything because of 1 alone
    EXPECT_EQ(s.settle(), outcome::impossible);
    EXPECT_EQ(s.causes(), (std::vector<std::uint32_t>{1, 3}));
}

TEST(solver_core, pigeons_end_at_the_limit) {
    // Twelve pigeons, eleven holes: nothing in this core proves that quickly.
    solver s{{.conflicts = 2000}};
    constexpr std::uint32_t holes = 11;
    for (std::uint32_t i = 0; i <= holes; ++i) s.add_variable(holes);
    for (value hole = 0; hole < holes; ++hole) {
        for (variable a = 0; a <= holes; ++a)
            for (variable b = 0; b < a; ++b) {
                const value_set here = only(holes, hole);
                s.add_nogood(std::vector<term>{{a, here}, {b, here}}, 0);
            }
    }
    outcome end = s.settle();
    for (; end == outcome::consistent; end = s.settle()) {
        variable open = 0;
        while (s.is_decided(open)) ++open;
        s.decide(open, only(holes, first(s.domain(open))));
    }
    EXPECT_EQ(end, outcome::exhausted);
    EXPECT_EQ(s.conflicts(), 2001u);
}

TEST(solver_core, a_chain_of_a_hundred_thousand_is_no_recursion) {
    solver s;
    constexpr std::uint32_t length = 100'000;
    for (std::uint32_t i = 0; i < length; ++i) s.add_variable(2);
    const value_set no = only(2, 0), yes = only(2, 1);
    for (variable i = 0; i + 1 < length; ++i) s.add_nogood(std::vector<term>{{i, yes}, {i + 1, no}}, i);
    s.add_nogood(std::vector<term>{{length - 1, yes}}, length);
    ASSERT_EQ(s.settle(), outcome::consistent);
    EXPECT_FALSE(s.can_be(0, 1));
    s.add_nogood(std::vector<term>{{0, no}}, length + 1);
    EXPECT_EQ(s.settle(), outcome::impossible);
    EXPECT_EQ(s.causes().size(), length + 1);
}

} // namespace

} // namespace uk::resolver::core
