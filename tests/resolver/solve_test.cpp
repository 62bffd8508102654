// The text form's solver on drawn universes: the answer must be the first of brute force, which reads the same text as recipes.
#include "resolver/solve.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "resolver/explain.hpp"
#include "resolver/sentences.hpp"
#include "tests/resolver/brute.hpp"
#include "tests/resolver/draw.hpp"
#include "tests/resolver/number.hpp"
#include "tests/resolver/universe.hpp"

namespace uk::resolver::facts {

namespace {

// As testing::lines_of: the target is a component there, and the request is called `app`.
std::string lines_of(const answer& a, const std::string& target) {
    std::map<std::string, std::string> components{{target, target + " 1.0.0\n"}}, alternatives;
    for (const answer::component& one : a.components) {
        std::string& text = components[one.name] = fmt::format("{} {}", one.name, one.id.text());
        for (const auto& [name, value] : one.options) text += fmt::format(" {}={}", name, value);
        text += "\n";
    }
    std::string text;
    for (const auto& [name, line] : components) text += line;
    for (const answer::signature& one : a.signatures) text += fmt::format(":{} {}\n", one.name, one.id.text());
    for (const answer::wire& one : a.wiring) text += fmt::format("{} = {}\n", one.hole, one.filler());
    for (const answer::alternative& one : a.alternatives)
        alternatives[one.at.starts_with("request:") ? "app" + one.at.substr(7) : one.at] = one.chosen;
    for (const auto& [at, chosen] : alternatives) text += fmt::format("{} = {}\n", at, chosen);
    return text;
}

// A lock's lines in the order of its maps, which is that of brute force.
void sort_lock(request& asked) {
    std::ranges::stable_sort(asked.lock, {}, [](const locked& one) {
        return std::pair{one.kind == locked::type::wiring        ? 0
                         : one.kind == locked::type::alternative ? 1
                                                                 : 2,
                         one.left};
    });
}

// The lines have no solution, and without any of them there would be one.
bool is_needed(const universe& u, const std::vector<int>& lines) {
    if (!is_contradiction(u, u.requests[0], lines)) return false;
    return std::ranges::all_of(lines, [&](int left_out) {
        std::vector<int> fewer;
        std::ranges::copy_if(lines, std::back_inserter(fewer), [&](int line) { return line != left_out; });
        return !is_contradiction(u, u.requests[0], fewer);
    });
}

// What people are told names each of the lines, and each hint is one that works.
void expect_told(const universe& u, const answer& none) {
    std::set<int> told;
    const std::set<int> lines{none.because.begin(), none.because.end()};
    for (const sentence& one : sentences_of(u, u.requests[0], lines)) told.insert(one.lines.begin(), one.lines.end());
    EXPECT_EQ(told, lines);
    const base::error e = explain(index{u}, u.requests[0], none, {.asker = "app", .names = {}});
    std::set<base::place> places;
    for (const base::note& one : e.diagnostics()[0].notes) places.insert(one.where);
    EXPECT_LE(places.size(), lines.size() + 8);
    EXPECT_FALSE(e.diagnostics()[0].message.empty());
}

// Without the line that a hint says to leave out there is an answer.
unsigned expect_hints_work(const universe& u, const answer& none, const std::string& text) {
    unsigned tried = 0;
    for (const std::string& way : ways_out(index{u}, u.requests[0], none)) {
        if (!way.starts_with("leave out the requirement") && !way.starts_with("leave out `set") &&
            !way.starts_with("leave out the conflict"))
            continue;
        const int line = std::stoi(way.substr(way.rfind(':') + 1));
        std::string without;
        int number = 0;
        for (const std::string_view one : base::split(text, '\n'))
            without += (++number == line ? "" : std::string{one}) + "\n";
        const auto changed = parse_universe(without, "universe");
        EXPECT_TRUE(changed && solve(*changed, changed->requests[0])->solved) << way << "\n" << text;
        ++tried;
    }
    return tried;
}

// The answer of the same request when it locks that answer.
answer keep(const universe& u, const answer& a) {
    request again = u.requests[0];
    again.lock.clear();
    again.update.clear();
    using type = locked::type;
    for (const auto& one : a.wiring) again.lock.push_back({type::wiring, one.hole, one.filler()});
    for (const auto& one : a.alternatives) again.lock.push_back({type::alternative, one.at, one.chosen});
    for (const auto& one : a.components) again.lock.push_back({type::component, one.name, one.id.text()});
    for (const auto& one : a.signatures) again.lock.push_back({type::component, one.name, one.id.text()});
    return *solve(u, again);
}

TEST(solve, the_answer_is_the_first) {
    const unsigned first_seed = testing::number("UK_SEED", 1), count = testing::number("UK_UNIVERSES", 1500);
    unsigned solved = 0, none = 0, wrong = 0, hints = 0;
    for (unsigned seed = first_seed; seed < first_seed + count && wrong < 3; ++seed) {
        const std::string text = testing::draw(seed);
        std::string expected;
        try {
            const testing::universe u = testing::read_universe(text);
            const testing::brute_answer brute = testing::brute_force(u.question(), 10'000);
            if (brute.too_large) continue;
            expected = brute.lines;
        } catch (const std::exception&) {
            continue;
        } // refused when read
        auto u = parse_universe(text, "universe");
        ASSERT_TRUE(u.has_value()) << base::render(u.error(), false);
        if (testing::repeats_an_alternative(text)) continue;
        sort_lock(u->requests[0]);
        const auto got = solve(*u, u->requests[0], {.far = seed % 2 == 0 ? 64u : 1u});
        ASSERT_TRUE(got.has_value()) << base::render(got.error(), false);
        ++(expected.empty() ? none : solved);
        const std::string lines = got->solved ? lines_of(*got, u->requests[0].target) : "";
        if (lines == expected) {
            if (!got->solved) {
                EXPECT_TRUE(is_needed(*u, got->because)) << "seed " << seed << "\n" << text;
                SCOPED_TRACE(text);
                expect_told(*u, *got);
                hints += expect_hints_work(*u, *got, text);
            } else EXPECT_EQ(lines_of(keep(*u, *got), u->requests[0].target), lines) << "seed " << seed << "\n" << text;
            continue;
        }
        ++wrong;
        ADD_FAILURE() << "seed " << seed << "\n" << text << "\nexpected:\n" << expected << "\ngot:\n" << lines;
    }
    fmt::print("{} with an answer, {} without\n", solved, none);
    if (count >= 1000) {
        EXPECT_GT(solved, count / 4);
        EXPECT_GT(none, count / 20);
        EXPECT_GT(hints, count / 20);
    }
}

answer answer_of(const std::string& text) {
    const auto u = parse_universe(text, "universe");
    EXPECT_TRUE(u.has_value());
    auto got = solve(*u, u->requests[0]);
    EXPECT_TRUE(got.has_value());
    return *std::move(got);
}

TEST(solve, versions_may_stand_in_any_order_and_apart_but_once) {
    const std::string one = "component a 1.0.0\n", two = "component a 2.0.0\n", three = "component a 3.0.0 yanked\n",
                      other = "component b 1.0.0\n", end = "target t\nrequest t\n  requires a *\n";
    for (const std::string& text : {one + two + three + other, three + two + one + other, two + three + one + other,
                                    two + other + three + one, one + other + two + three}) {
        const auto u = parse_universe(text + end, "universe");
        ASSERT_TRUE(u.has_value()) << base::render(u.error(), false);
        const auto& versions = u->components.at("a");
        EXPECT_TRUE(std::ranges::is_sorted(versions, std::ranges::greater{}, &component::id)) << text;
        EXPECT_EQ(versions.size(), 3u);
        EXPECT_EQ(solve(*u, u->requests[0])->components[0].id.text(), "2.0.0") << text;
    }
    for (const std::string& text : {one + one, two + one + two, one + two + other + two, one + two + two}) {
        const auto u = parse_universe(text + end, "universe");
        ASSERT_FALSE(u.has_value()) << text;
        EXPECT_NE(base::render(u.error(), false).find("is there already"), std::string::npos);
    }
}

// Only with the option set there is an answer, and of a hundred ways to choose what has no say in it none sets it: that
// follows from what could set it, not from trying each.
TEST(solve, what_could_set_an_option_is_looked_for_from_its_end) {
    std::string text = "component a 1.0.0\n  option o: bool = false\n  when option.o == false: requires nowhere *\n";
    std::string asked = "  requires a *\n  requires last *\n";
    for (int i = 0; i < 25; ++i) {
        text += fmt::format(
            "component l{0} 1.0.0\ncomponent r{0} 1.0.0\ncomponent c{0} 1.0.0\n  requires l{0} * | r{0} *\n", i);
        asked += fmt::format("  requires c{} *\n", i);
    }
    text += "component last 2.0.0\ncomponent last 1.0.0\n  requires far *\n"
            "component far 1.0.0\n  requires setter *\ncomponent setter 1.0.0\n  requires a * {o = true}\n";
    const auto u = parse_universe(text + "target t\nrequest t\n" + asked, "universe");
    ASSERT_TRUE(u.has_value());
    const auto got = solve(*u, u->requests[0], {.conflicts = 100});
    ASSERT_TRUE(got.has_value()) << base::render(got.error(), false);
    ASSERT_TRUE(got->solved);
    EXPECT_EQ(std::ranges::find(got->components, "last", &answer::component::name)->id.text(), "1.0.0");
}

TEST(solve, long_chains_are_no_recursion) {
    constexpr int length = 20'000;
    std::string required, wired, signatures;
    for (int i = 0; i < length; ++i) {
        required += fmt::format("component c{} 1.0.0\n  requires c{} *\n", i, i + 1);
        wired += fmt::format("component c{0} 1.0.0\n  provides s{0} 1.0\n  needs n: s{1} ^1\n", i, i + 1);
        signatures += fmt::format("signature s{} 1.0\n  requires s{} ^1\n", i, i + 1);
    }
    const std::string end = fmt::format("component c{0} 1.0.0\n  provides s{0} 1.0\n", length);
    EXPECT_EQ(answer_of(required + end + "target t\nrequest t\n  requires c0 *\n").components.size(), length + 1u);
    EXPECT_EQ(answer_of(wired + end + "target t\nrequest t\n  needs x: s0 ^1\n").wiring.size(), length + 1u);
    EXPECT_EQ(answer_of(signatures + end + "component a 1.0.0\n  over s0 ^1\ntarget t\nrequest t\n  requires a *\n")
                  .signatures.size(),
              length + 1u);
}

TEST(solve, a_long_circle_of_wiring_has_no_answer) {
    std::string text;
    for (int i = 0; i < 500; ++i)
        text += fmt::format("component c{0} 1.0.0\n  provides s{0} 1.0\n  needs n: s{1} ^1\n", i, (i + 1) % 500);
    const answer a = answer_of(text + "target t\nrequest t\n  needs x: s0 ^1\n");
    EXPECT_FALSE(a.solved);
    EXPECT_EQ(a.because.size(), 501u);
}

TEST(solve, the_order_of_blocks_means_nothing) {
    for (unsigned seed = 1; seed <= 200; ++seed) {
        const std::string text = testing::draw(seed);
        std::vector<std::string> blocks{""};
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = text.find('\n', at) + 1;
            const std::string line = text.substr(at, end - at);
            for (const char* head : {"component ", "signature ", "target ", "request "})
                if (line.starts_with(head)) blocks.emplace_back();
            blocks.back() += line;
            at = end;
        }
        std::string shuffled;
        for (std::size_t i = 0; i < blocks.size(); ++i) shuffled += blocks[(i * 7 + seed) % blocks.size()];
        if (blocks.size() % 7 == 0) continue; // not each block once
        const answer a = answer_of(text), b = answer_of(shuffled);
        EXPECT_EQ(a.solved, b.solved) << text;
        EXPECT_EQ(lines_of(a, "t"), lines_of(b, "t")) << text;
        EXPECT_EQ(a.because.size(), b.because.size()) << text;
    }
}

TEST(solve, the_oldest_versions_when_asked) {
    const std::string text =
        "component a 1.0.0\ncomponent a 1.0.0-r1\ncomponent a 2.0.0\ncomponent a 0.9.0 yanked\ntarget t\nrequest t\n"
        "  requires a *\n";
    EXPECT_EQ(answer_of(text).components[0].id.text(), "2.0.0");
    EXPECT_EQ(answer_of(text + "  minimal-versions\n").components[0].id.text(), "1.0.0-r1");
    EXPECT_EQ(answer_of(text + "  locked a 0.9.0\n").components[0].id.text(), "0.9.0");
}

TEST(solve, a_component_of_the_targets_name_is_visited_first) {
    const answer a = answer_of("component t 1.0.0\n  requires a ^1 | b *\ncomponent a 1.0.0\n  requires b *\n"
                               "component b 1.0.0\ntarget t\nrequest t\n  requires b *\n");
    EXPECT_EQ(lines_of(a, "t"), "b 1.0.0\nt 1.0.0\nt: a | b = b\n");
    EXPECT_FALSE(parse_universe("component t 1.0.0\ntarget t\n  requires a *\nrequest t\n", "universe"));
}

TEST(solve, an_instance_must_be_told_its_settings) {
    const std::string text =
        "component files 1.0.0\n  provides s 1.0\n  setting root\ntarget t\nrequest t\n  needs x: s *\n";
    EXPECT_EQ(answer_of(text).because, (std::vector{3, 6}));
    EXPECT_FALSE(answer_of(text + "  instance mine = files\n").solved);
    EXPECT_EQ(lines_of(answer_of(text + "  instance mine = files with root\n"), "t"),
              "files 1.0.0\nt 1.0.0\n:s 1.0.0\nx = mine\n");
}

TEST(solve, the_profile_and_what_a_request_is_generic_over) {
    const std::string text =
        "signature s 1.0\nsignature s 2.0\ncomponent a 1.0.0\n  when target.profile == speed: absent\n"
        "component a 0.1.0\ntarget t\n";
    EXPECT_EQ(lines_of(answer_of(text + "request t\n  requires a *\n  over s ^1\n"), "t"),
              "a 0.1.0\nt 1.0.0\n:s 1.0.0\n");
    EXPECT_EQ(lines_of(answer_of(text + "request t profile=size\n  requires a *\n"), "t"), "a 1.0.0\nt 1.0.0\n");
    EXPECT_EQ(
        lines_of(answer_of(text + "request t\n  requires a *\n  when target.profile == size: forbid a <1\n"), "t"),
        "a 0.1.0\nt 1.0.0\n");
}

TEST(solve, a_signature_brings_in_what_it_requires) {
    const std::string text = "signature s 1.0\n  requires core ^1\ncomponent core 1.0.0\ncomponent core 2.0.0\n"
                             "component a 1.0.0\n  over s *\ntarget t\nrequest t\n  requires a *\n";
    EXPECT_EQ(lines_of(answer_of(text), "t"), "a 1.0.0\ncore 1.0.0\nt 1.0.0\n:s 1.0.0\n");
}

TEST(solve, a_locked_entry_is_any_of_that_name) {
    const std::string text =
        "component a 1.0.0\n  requires b ^2 | b ^1\ncomponent a 2.0.0\ncomponent b 1.0.0\ntarget t\n"
        "request t\n  requires a *\n  locked a: b | b = b\n  locked a 1.0.0\n";
    EXPECT_EQ(lines_of(answer_of(text), "t"), "a 1.0.0\nb 1.0.0\nt 1.0.0\na: b | b = b\n");
}

TEST(solve, an_explanation_is_tried_without_what_brings_something_in) {
    const std::string heads = "signature g 1.0 scope image\n",
                      a = "component a 1.0.0\n  provides s 1.0\n  provides g 1.0\n";
    const std::string end = "request t\n  needs x: s ^1\n";
    EXPECT_EQ(answer_of(heads + a + "component t 1.0.0\n  provides g 1.0\ntarget t\n" + end).because,
              (std::vector{4, 6, 7, 9}));
    EXPECT_EQ(answer_of("signature s 1.0\n  requires b *\n" + heads + a +
                        "component b 1.0.0\n  provides g 1.0\ntarget t\n" + end)
                  .because,
              (std::vector{2, 6, 8, 11}));
}

TEST(solve, of_a_long_explanation_the_beginning_and_the_end_are_told) {
    std::string text;
    for (int i = 1; i < 100; ++i)
        text += "component c" + std::to_string(i) + " 1.0.0\n  requires c" + std::to_string(i + 1) + " *\n";
    const universe u = *parse_universe(text + "target t\nrequest t\n  requires c1 *\n", "universe");
    const answer none = *solve(u, u.requests[0]);
    const auto told = [&](std::size_t most) {
        return explain(index{u}, u.requests[0], none, {.asker = "app", .names = {}, .most = most})
            .diagnostics()[0]
            .notes;
    };
    const auto all = told(0), some = told(10);
    ASSERT_EQ(all.size(), 100u);
    ASSERT_EQ(some.size(), 11u);
    EXPECT_EQ(some[4].text, all[4].text);
    EXPECT_EQ(some[5].text, "90 more of this kind, left out");
    EXPECT_EQ(some[6].text, all[95].text);
    EXPECT_EQ(some[10].text, all[99].text);
}

} // namespace

} // namespace uk::resolver::facts
