// A lock that still holds is answered without a search: never differently from the search.
#include "resolver/kept.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/resolver/draw.hpp"
#include "tests/resolver/number.hpp"

namespace uk::resolver::facts {

namespace {

std::string text_of(const answer& a) {
    std::string text = a.solved ? "" : "none\n";
    for (const auto& one : a.components) {
        text += fmt::format("{} {}", one.name, one.id.text());
        for (const auto& [option, value] : one.options) text += fmt::format(" {} = {}", option, value);
        text += "\n";
    }
    for (const auto& one : a.signatures) text += fmt::format(":{} {}\n", one.name, one.id.text());
    for (const auto& one : a.wiring) text += fmt::format("{} = {}\n", one.hole, one.filler());
    for (const auto& one : a.alternatives) text += fmt::format("{} = {}\n", one.at, one.chosen);
    return text;
}

// To update what isn't there changes nothing, but a lock alone isn't the answer then.
answer searched(const index& known, request asked) {
    asked.update.emplace_back("nobody-has-this");
    EXPECT_FALSE(kept_answer(known, asked).has_value());
    return *solve(known, asked);
}

/// Universes of what a kept answer knows: versions, alternatives, conflicts, conditions on targets and on defaults.
class drawer {
  public:
    explicit drawer(unsigned seed) : dice_{seed} {}

    std::string draw() {
        std::string text = "target t family=hosted\n";
        if (one_in(3)) text += "  requires " + choice() + "\n";
        for (char name = 'a'; name < 'a' + components; ++name) {
            const int versions = 1 + below(4);
            for (int v = 1; v <= versions; ++v) {
                text += fmt::format("component {} {}.0.0{}{}\n", name, v, one_in(12) ? "-beta.1" : "",
                                    one_in(8) ? " yanked" : "");
                if (one_in(4)) text += "  option o: bool = false\n  when option.o == true: requires nowhere *\n";
                for (int lines = below(3); lines > 0; --lines)
                    text += "  " + when() + "requires " + choice() + (one_in(4) ? " | " + choice() : "") + "\n";
                if (one_in(6)) text += "  " + when() + "conflicts " + choice() + "\n";
                if (one_in(12)) text += "  when target.family == " + family() + ": absent\n";
                if (one_in(20)) text += "  provides s 1.0\n";
                if (one_in(20)) text += "  singleton\n";
                if (one_in(20)) text += "  over s ^1\n";
            }
        }
        text += "request t\n";
        for (int lines = 1 + below(3); lines > 0; --lines)
            text += "  requires " + choice() + (one_in(3) ? " | " + choice() : "") + "\n";
        if (one_in(4)) text += "  forbid " + choice() + "\n";
        if (one_in(20)) text += "  needs x: s ^1\n";
        if (one_in(8)) text += "  minimal-versions\n";
        return text;
    }

    // What was answered, and now and then something else.
    std::vector<locked> lock_of(const answer& a) {
        using type = locked::type;
        std::vector<locked> lock;
        for (const auto& one : a.wiring) lock.push_back({type::wiring, one.hole, one.filler()});
        for (const auto& one : a.alternatives) lock.push_back({type::alternative, one.at, one.chosen});
        for (const auto& one : a.components) lock.push_back({type::component, one.name, one.id.text()});
        if (one_in(3)) return lock;
        for (locked& one : lock)
            if (one_in(6)) one.right = one.kind == type::component ? fmt::format("{}.0.0", 1 + below(4)) : name();
        if (one_in(2)) std::erase_if(lock, [&](const locked&) { return one_in(8); });
        if (one_in(3)) lock.push_back({type::component, name(), fmt::format("{}.0.0", 1 + below(4))});
        if (one_in(6)) lock.push_back({type::component, "gone", "1.0.0"});
        if (one_in(9)) lock.push_back({type::wiring, "gone/x", "a"});
        if (one_in(9)) lock.push_back({type::alternative, "request: a | b", "a"});
        if (one_in(3)) std::ranges::shuffle(lock, dice_);
        return lock;
    }

    bool one_in(unsigned n) { return dice_() % n == 0; }

  private:
    static constexpr int components = 5;

    int below(unsigned n) { return static_cast<int>(dice_() % n); }
    std::string name() { return one_in(60) ? "nowhere" : std::string(1, static_cast<char>('a' + below(components))); }
    std::string choice() {
        static constexpr const char* asked[] = {"*", "*", ">=2", "<3", "=2.0.0", "^1", ">=2.0.0-alpha"};
        return name() + " " + asked[below(std::size(asked))];
    }
    std::string family() { return one_in(2) ? "hosted" : "unikernel"; }
    std::string when() { return one_in(6) ? "when target.family == " + family() + ": " : ""; }

    std::mt19937 dice_;
};

TEST(kept, is_what_the_search_finds) {
    const unsigned first_seed = testing::number("UK_SEED", 1), count = testing::number("UK_UNIVERSES", 3000);
    unsigned kept = 0, searched_for = 0;
    for (unsigned seed = first_seed; seed < first_seed + count; ++seed) {
        drawer draw{seed};
        const std::string text = seed % 4 == 0 ? testing::draw(seed) : draw.draw();
        auto u = parse_universe(text, "universe");
        ASSERT_TRUE(u.has_value()) << base::render(u.error(), false) << text;
        const index known{*u};
        request& asked = u->requests[0];
        const answer first = searched(known, asked);
        for (int i = 0; i < 4; ++i) {
            asked.lock = draw.lock_of(first);
            const auto got = kept_answer(known, asked);
            ++(got ? kept : searched_for);
            if (!got) continue;
            std::string lock;
            for (const locked& one : asked.lock) lock += fmt::format("  locked {} / {}\n", one.left, one.right);
            ASSERT_EQ(text_of(*got), text_of(searched(known, asked))) << "seed " << seed << "\n" << text << lock;
        }
    }
    fmt::print("{} kept, {} searched for\n", kept, searched_for);
    if (count >= 1000) {
        EXPECT_GT(kept, count / 2);
        EXPECT_GT(searched_for, count / 2);
    }
}

std::optional<answer> kept(const std::string& components, const std::string& asked) {
    const auto u = parse_universe(components + "target t\nrequest t\n" + asked, "universe");
    EXPECT_TRUE(u.has_value());
    return kept_answer(index{*u}, u->requests[0]);
}

TEST(kept, only_where_all_is_locked_and_holds) {
    const std::string all = "component a 1.0.0\n  requires b ^1\ncomponent a 2.0.0\n  requires b ^2\n"
                            "component b 1.0.0\ncomponent b 1.1.0 yanked\ncomponent b 2.0.0\n";
    const std::string asked = "  requires a *\n";
    EXPECT_TRUE(kept(all, asked + "  locked a 1.0.0\n  locked b 1.0.0\n").has_value());
    EXPECT_TRUE(kept(all, asked + "  locked a 1.0.0\n  locked b 1.1.0\n").has_value()); // yanked, but locked
    EXPECT_FALSE(kept(all, asked).has_value());
    EXPECT_FALSE(kept(all, asked + "  locked a 1.0.0\n").has_value());
    EXPECT_FALSE(kept(all, asked + "  locked a 1.0.0\n  locked b 2.0.0\n").has_value());
    EXPECT_FALSE(kept(all, asked + "  locked a 1.0.0\n  locked b 1.0.7\n").has_value());
    EXPECT_FALSE(kept(all, asked + "  locked a 1.0.0\n  locked b 1.0.0\n  update b\n").has_value());
    EXPECT_FALSE(kept(all, asked + "  forbid b =1.0.0\n  locked a 1.0.0\n  locked b 1.0.0\n").has_value());
}

} // namespace

} // namespace uk::resolver::facts
