// Small universes drawn from a seed: the resolver's answer must be the first in the order, and none when there is none.
#include <chrono>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/resolver/brute.hpp"
#include "tests/resolver/draw.hpp"
#include "tests/resolver/number.hpp"
#include "tests/resolver/universe.hpp"

namespace uk::resolver::testing {

namespace {

TEST(random_universes, the_answer_is_the_first) {
    const unsigned first_seed = number("UK_SEED", 1), count = number("UK_UNIVERSES", 2000);
    unsigned solved = 0, none = 0, skipped = 0, wrong = 0;
    std::size_t most = 0;
    std::chrono::duration<double> brute_time{}, resolve_time{};
    for (unsigned seed = first_seed; seed < first_seed + count && wrong < 3; ++seed) {
        const std::string text = draw(seed);
        if (repeats_an_alternative(text)) {
            ++skipped;
            continue;
        }
        try {
            const universe u = read_universe(text);
            const request what = u.question();
            const auto start = std::chrono::steady_clock::now();
            const brute_answer expected = brute_force(what, 10'000);
            const auto middle = std::chrono::steady_clock::now();
            brute_time += middle - start;
            if (expected.too_large) {
                ++skipped;
                continue;
            }
            const auto got = resolve(what);
            resolve_time += std::chrono::steady_clock::now() - middle;
            if (!got &&
                got.error().kind() == base::status::input) { // speaks of a hole or an option that no version has
                ++skipped;
                continue;
            }
            most = std::max(most, expected.solutions);
            ++(expected.lines.empty() ? none : solved);
            const std::string lines = got ? lines_of(*got) : "";
            if (lines == expected.lines) continue;
            ++wrong;
            ADD_FAILURE() << "seed " << seed << "\n"
                          << text << "\nexpected (of " << expected.solutions << "):\n"
                          << expected.lines << "\ngot:\n"
                          << (got ? lines : base::render(got.error(), false));
        } catch (const std::exception& e) {
            // Refused when read: labels that would share, a component that requires itself.
            ++skipped;
            if (std::getenv("UK_SEED")) fmt::print("seed {}: {}\n", seed, e.what());
        }
    }
    fmt::print("universes: {} with an answer (at most {} solutions), {} without, {} skipped; {:.1f} s by brute force, "
               "{:.1f} s by the resolver\n",
               solved, most, none, skipped, brute_time.count(), resolve_time.count());
    if (count >= 1000) {
        EXPECT_GT(solved, count / 5);
        EXPECT_GT(none, count / 20);
    }
}

} // namespace

} // namespace uk::resolver::testing
