// Many requests of a drawn universe at once: each verdict is that of the request alone.
#include "resolver/verdicts.hpp"

#include <random>
#include <regex>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/resolver/draw.hpp"
#include "tests/resolver/number.hpp"

namespace uk::resolver::facts {

namespace {

// The drawn request, and a few dozen others for each of two profiles: for one thing or several, also for what isn't there.
std::string with_requests(const std::string& drawn, unsigned seed, bool settings) {
    std::string text = settings ? drawn : std::regex_replace(drawn, std::regex{R"( \{[^}]*\}|\nset [^\n]*)"}, "");
    if (!text.ends_with("\n")) text += "\n";
    std::mt19937 dice{seed};
    const auto one_of = [&](const std::vector<std::string>& all) { return all[dice() % all.size()]; };
    const auto what = [&] {
        return one_of({"a", "b", "c", "d"}) + " " + one_of({"*", "=1.0.0", "=2.0.0", ">=2", "<3", "=3.0.0"});
    };
    for (int i = 0; i < 40; ++i) {
        text += i % 3 == 0 ? "request t profile=size\n" : "request t\n";
        for (unsigned lines = 1 + dice() % 3; lines > 0; --lines)
            text += "requires " + what() + (dice() % 4 == 0 ? " | " + what() : "") + "\n";
        if (dice() % 6 == 0) text += "over s.one ^1\n";
        if (dice() % 6 == 0) text += "when target.profile == size: forbid " + what() + "\n";
        if (dice() % 12 == 0) text += "requires g *\n";
        if (dice() % 12 == 0) text += "needs z: s.one ^1\n";
    }
    return text;
}

TEST(verdicts, are_those_of_each_request_alone) {
    const unsigned first_seed = testing::number("UK_SEED", 1), count = testing::number("UK_UNIVERSES", 300);
    unsigned yes = 0, no = 0;
    for (unsigned seed = first_seed; seed < first_seed + count; ++seed) {
        const std::string text = with_requests(testing::draw(seed), seed, seed % 8 == 0);
        const auto u = parse_universe(text, "universe");
        ASSERT_TRUE(u.has_value()) << base::render(u.error(), false) << text;
        const index known{*u};
        const auto found = verdicts(known);
        ASSERT_EQ(found.size(), u->requests.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            const core::outcome alone = outcome_of(known, u->requests[i], {});
            ++(alone == core::outcome::consistent ? yes : no);
            ASSERT_EQ(found[i], alone) << "seed " << seed << ", line " << u->requests[i].line << "\n" << text;
        }
    }
    fmt::print("{} with an answer, {} without\n", yes, no);
    EXPECT_GT(yes, 5 * count);
    EXPECT_GT(no, 5 * count);
}

std::vector<core::outcome> verdicts_of(const std::string& text, core::limits most = {}) {
    const auto u = parse_universe(text, "universe");
    EXPECT_TRUE(u.has_value());
    return verdicts(index{*u}, most);
}

TEST(verdicts, of_requests_that_exclude_each_other) {
    std::string text = "target t\n";
    for (int i = 1; i <= 300; ++i)
        text += fmt::format("component a {0}.0.0\ncomponent c{0} 1.0.0\n  requires a ={0}.0.0\n", i);
    for (int i = 1; i <= 301; ++i) text += fmt::format("request t\n  requires c{} *\n", i);
    std::vector<core::outcome> expected(300, core::outcome::consistent);
    expected.push_back(core::outcome::impossible);
    EXPECT_EQ(verdicts_of(text), expected);
}

TEST(verdicts, of_a_target_that_is_impossible) {
    const std::string text =
        "component a 1.0.0\ntarget t\n  requires b *\ntarget u\nrequest t\n  requires a *\nrequest t\n"
        "request u\n  requires a *\n";
    using enum core::outcome;
    EXPECT_EQ(verdicts_of(text), (std::vector{impossible, impossible, consistent}));
}

// What sets an option has to be in the image of the request that needs it set, not only in another's.
TEST(verdicts, of_requests_that_would_set_an_option_for_each_other) {
    const std::string text = "component a 1.0.0\n  option o: bool = false\n  when option.o == false: absent\n"
                             "component b 1.0.0\n  requires a * {o = true}\ntarget t\n"
                             "request t\n  requires b *\nrequest t\n  requires a *\n";
    EXPECT_EQ(verdicts_of(text), (std::vector{core::outcome::consistent, core::outcome::impossible}));
}

// Pigeons in one hole less: proving that takes more than these conflicts.
TEST(verdicts, a_limit_is_that_of_one_request) {
    std::string text;
    for (int pigeon = 0; pigeon < 7; ++pigeon) {
        text += fmt::format("component p{} 1.0.0\n  requires h0 ={}.0.0", pigeon, pigeon + 1);
        for (int hole = 1; hole < 6; ++hole) text += fmt::format(" | h{} ={}.0.0", hole, pigeon + 1);
        text += "\n";
        for (int hole = 0; hole < 6; ++hole) text += fmt::format("component h{} {}.0.0\n", hole, pigeon + 1);
    }
    text += "target t\nrequest t\n";
    for (int pigeon = 0; pigeon < 7; ++pigeon) text += fmt::format("  requires p{} *\n", pigeon);
    text += "request t\n  requires p0 *\n  requires p1 *\nrequest t\n  requires p7 *\n";
    using enum core::outcome;
    EXPECT_EQ(verdicts_of(text, {.conflicts = 20}), (std::vector{exhausted, consistent, impossible}));
    EXPECT_EQ(verdicts_of(text), (std::vector{impossible, consistent, impossible}));
}

} // namespace

} // namespace uk::resolver::facts
