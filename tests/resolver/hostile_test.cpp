// Universes that are made to take long or to overflow something: each ends, with an answer, a reason or the limit.
#include "resolver/solve.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/resolver/number.hpp"

namespace uk::resolver::facts {

namespace {

const std::string head = "target t\nrequest t\n";

int many() { return static_cast<int>(testing::number("UK_HOSTILE", 10'000)); }

template <class Line>
std::string repeat(int count, Line line) {
    std::string text;
    for (int i = 0; i < count; ++i) text += line(i);
    return text;
}

answer answer_of(const std::string& text) {
    const auto u = parse_universe(text, "universe");
    EXPECT_TRUE(u.has_value()) << base::render(u.error(), false);
    auto got = solve(*u, u->requests[0]);
    EXPECT_TRUE(got.has_value()) << base::render(got.error(), false);
    return *std::move(got);
}

TEST(hostile, versions_that_each_require_something_else) {
    const std::string text =
        repeat(many(), [](int i) { return fmt::format("component a {}.0.0\n  requires x{} ^1\n", i, i); });
    EXPECT_FALSE(answer_of(text + head + "  requires a *\n").solved);
    const std::string there = repeat(many(), [](int i) {
        return fmt::format("component x{} 1.0.0\n  requires {} *\n", i, i == 0 ? "good" : "bad");
    });
    const answer a = answer_of(text + there + "component good 1.0.0\ncomponent bad 1.0.0\n  requires nowhere *\n" +
                               head + "  requires a *\n");
    ASSERT_EQ(a.components.size(), 3u);
    EXPECT_EQ(a.components[0].id.text(), "0.0.0");
}

TEST(hostile, versions_that_conflict_with_themselves) {
    const std::string text =
        repeat(many(), [](int i) { return fmt::format("component a {}.0.0\n  conflicts a *\n", i); });
    EXPECT_EQ(answer_of(text + head + "  requires a *\n").because.size(), static_cast<std::size_t>(many()) + 1);
}

TEST(hostile, chains_that_end_nowhere) {
    const std::string text =
        repeat(many(), [](int i) { return fmt::format("component c{} 1.0.0\n  requires c{} *\n", i, i + 1); });
    EXPECT_EQ(answer_of(text + head + "  requires c0 *\n").because.size(), static_cast<std::size_t>(many()) + 1);
}

TEST(hostile, chains_of_several_versions_that_end_nowhere) {
    const int length = many() / 4;
    const std::string text = repeat(length, [](int i) {
        return repeat(4, [i](int v) { return fmt::format("component c{} {}.0.0\n  requires c{} *\n", i, v, i + 1); });
    });
    EXPECT_EQ(answer_of(text + head + "  requires c0 *\n").because.size(), 4u * static_cast<std::size_t>(length) + 1);
}

// Each version requires its own major of the next, and the request two that never meet: what the other majors say, and that
// they don't meet either, is no reason.
TEST(hostile, a_contradiction_that_runs_through_everything_is_no_longer_than_it_must_be) {
    constexpr int length = 150, versions = 12, of_a_major = 3;
    const std::string text = repeat(length, [](int i) {
        return repeat(versions, [i](int v) {
            const int major = v / of_a_major + 1;
            return fmt::format("component c{} {}.{}.0\n", i, major, v % of_a_major) +
                   (i + 1 < length ? fmt::format("  requires c{} ^{}.0\n", i + 1, major) : "");
        });
    });
    const std::string asked = fmt::format("  requires c0 ^1\n  requires c{} ^2\n", length - 1);
    EXPECT_EQ(answer_of(text + head + asked).because.size(), 2u + (length - 1) * of_a_major);
}

TEST(hostile, fans_and_circles) {
    const std::string text =
        "component a 1.0.0\n" + repeat(many(), [](int i) { return fmt::format("  requires c{} *\n", i); }) +
        repeat(many(), [](int i) { return fmt::format("component c{} 1.0.0\n  requires a *\n", i); });
    EXPECT_EQ(answer_of(text + head + "  requires a *\n").components.size(), static_cast<std::size_t>(many()) + 1);
}

TEST(hostile, fillers_of_which_the_last_fits) {
    const std::string text = repeat(many(), [](int i) {
        return fmt::format("component c{:06} 1.0.0\n  provides s 1.0\n  requires {} *\n", i,
                           i + 1 == many() ? "good" : "bad");
    });
    const answer a = answer_of(text + "component good 1.0.0\n" + head + "  needs x: s ^1\n");
    ASSERT_EQ(a.wiring.size(), 1u);
    EXPECT_EQ(a.wiring[0].component, fmt::format("c{:06}", many() - 1));
}

TEST(hostile, many_labels_with_a_filler_each) {
    const std::string text =
        repeat(400, [](int i) { return fmt::format("component c{} 1.0.0\n  provides s 1.0\n", i); });
    const auto needs = [](int i) { return fmt::format("  needs l{}: s ^1\n", i); };
    EXPECT_EQ(answer_of(text + head + repeat(300, needs)).wiring.size(), 300u);
}

TEST(hostile, pigeons_end_at_the_limit) {
    const std::string text =
        "signature h 1.0 exclusive\n" +
        repeat(13, [](int i) { return fmt::format("component h{} 1.0.0\n  provides h 1.0\n", i); }) + head +
        repeat(14, [](int i) { return fmt::format("  needs p{}: h ^1\n", i); });
    const auto u = parse_universe(text, "universe");
    const auto got = solve(*u, u->requests[0], {.conflicts = 2000});
    ASSERT_FALSE(got.has_value());
    EXPECT_NE(base::render(got.error(), false).find("2000 conflicts"), std::string::npos);
}

TEST(hostile, a_limit_of_nogoods_ends_it) {
    const std::string text = repeat(500, [](int i) {
        return fmt::format("component a {0}.0.0\n  requires b ={0}.0.0\ncomponent b {0}.0.0\n  requires a <{0}\n",
                           i + 1);
    });
    const auto u = parse_universe(text + head + "  requires a *\n", "universe");
    ASSERT_TRUE(u.has_value()) << base::render(u.error(), false);
    EXPECT_FALSE(solve(*u, u->requests[0], {.words = 2000}).has_value());
}

TEST(hostile, a_line_has_a_thousand_alternatives_at_most) {
    const auto names = [](int i) { return fmt::format(" | b{} *", i); };
    const std::string a = "component a 1.0.0\n  requires b *";
    EXPECT_TRUE(parse_universe(a + repeat(999, names) + "\n" + head, "universe").has_value());
    EXPECT_FALSE(parse_universe(a + repeat(1000, names) + "\n" + head, "universe").has_value());
}

} // namespace

} // namespace uk::resolver::facts
