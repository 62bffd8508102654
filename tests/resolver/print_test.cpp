// A universe that is printed and read again has the same answers: drawn ones, and those of the repository's recipes.
#include "resolver/print.hpp"

#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "resolver/from_recipes.hpp"
#include "resolver/solve.hpp"
#include "tests/resolver/draw.hpp"

namespace uk::resolver::facts {

namespace {

namespace fs = std::filesystem;

// Everything but lines, which are others in another text.
std::string text_of(const answer& a) {
    if (!a.solved) return fmt::format("{} lines", a.because.size());
    std::string text;
    for (const auto& one : a.components) {
        text += fmt::format("{} {}", one.name, one.id.text());
        for (const auto& [name, value] : one.options) text += fmt::format(" {}={}", name, value);
        text += "\n";
    }
    for (const auto& one : a.signatures) text += fmt::format(":{} {}\n", one.name, one.id.text());
    for (const auto& one : a.wiring) text += fmt::format("{} = {}\n", one.hole, one.filler());
    for (const auto& one : a.alternatives) text += fmt::format("{} = {}\n", one.at, one.chosen);
    return text;
}

void expect_same_when_read(const universe& all) {
    const std::string text = print_universe(all);
    const auto again = parse_universe(text, "printed");
    ASSERT_TRUE(again) << base::render(again.error(), false) << text;
    ASSERT_EQ(again->requests.size(), all.requests.size());
    for (std::size_t i = 0; i < all.requests.size(); ++i) {
        const auto before = solve(all, all.requests[i]), after = solve(*again, again->requests[i]);
        ASSERT_TRUE(before && after);
        EXPECT_EQ(text_of(*before), text_of(*after)) << text;
        EXPECT_TRUE(before->solved || is_contradiction(all, all.requests[i], before->because)) << text;
    }
    EXPECT_EQ(text, print_universe(*again));
}

TEST(print, drawn_universes) {
    for (unsigned seed = 1; seed <= 300; ++seed) expect_same_when_read(*parse_universe(testing::draw(seed), "drawn"));
}

// The page's example holds every kind of fact; versions of signatures are printed in full.
TEST(print, the_example_of_the_page) {
    const std::string page = *base::read_file(fs::path{UK_SOURCE_DIR} / "docs/reference/universes.md");
    const auto from = page.find("```\n") + 4;
    const std::string example = page.substr(from, page.find("```", from) - from);
    const auto all = parse_universe(example, "page");
    ASSERT_TRUE(all) << base::render(all.error(), false);
    expect_same_when_read(*all);
    const std::string printed = print_universe(*all);
    for (std::string_view line : base::split(example, '\n')) {
        line = base::trim(line.substr(0, line.find('#')));
        if (line.starts_with("signature") || line.starts_with("provides")) continue;
        EXPECT_NE(printed.find(std::string{line} + "\n"), std::string::npos) << line << "\n" << printed;
    }
}

class repository : public ::testing::Test {
  protected:
    const fs::path top{UK_SOURCE_DIR};
    registry::index index = *registry::index::open(top);

    void expect_same(const std::string& yaml) {
        const auto manifest = registry::parse_manifest(yaml, "uk.yaml");
        ASSERT_TRUE(manifest) << base::render(manifest.error(), false);
        recipe_facts known;
        for (const registry::variant& one : manifest->variants) {
            const resolver::request asked{.manifest = &*manifest, .components = &index, .variant = &one};
            const auto w = world::make(asked);
            ASSERT_TRUE(w) << base::render(w.error(), false);
            known.add(*w);
        }
        EXPECT_TRUE(known.unreadable.empty());
        expect_same_when_read(known.all);
    }
};

TEST_F(repository, manifests) {
    std::size_t count = 0;
    for (const char* folder : {"recipes", "tests"}) {
        for (const auto& one : fs::recursive_directory_iterator{top / folder}) {
            if (one.path().filename() != "uk.yaml") continue;
            expect_same(*base::read_file(one.path()));
            ++count;
        }
    }
    EXPECT_GE(count, 8u);
}

// Each component on each target, whether there is an answer or not.
TEST_F(repository, components) {
    std::string targets;
    for (const std::string& name : index.names())
        if ((*index.find(name, index.versions(name).front()))->content.kind == registry::component_kind::target)
            targets += fmt::format("  {}:\n", name);
    for (const std::string& name : index.names()) {
        const auto kind = (*index.find(name, index.versions(name).front()))->content.kind;
        if (kind == registry::component_kind::template_ || kind == registry::component_kind::signature) continue;
        expect_same(fmt::format("name: app\nsources: [main.cpp]\nrequires: [{}: \"*\"]\ntargets:\n{}", name, targets));
    }
}

TEST(print, values_may_hold_anything) {
    const std::string text = "component a 1.0.0\n  option o: text = x\ntarget t\nrequest t\n  set a.o = y\n";
    std::set<std::string> seen;
    for (const std::string value : {"x # y", "x%20#", "x#", " x", "x ", "{a, b=c|d}", "a\nb", "50%", "%41", "A", "ü"}) {
        universe all = *parse_universe(text, "u");
        all.requests[0].sets[0].right = value;
        const std::string printed = print_universe(all);
        const auto again = parse_universe(printed, "u");
        ASSERT_TRUE(again) << printed;
        EXPECT_TRUE(seen.insert(again->requests[0].sets[0].right).second) << value;
    }
    EXPECT_TRUE(seen.contains("x %23 y"));
    EXPECT_TRUE(seen.contains("50%"));
}

} // namespace

} // namespace uk::resolver::facts
