// Scenarios: a universe, `---`, and the answer or the message. UK_ACCEPT=1 writes what came out, to be looked at.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "tests/resolver/universe.hpp"

namespace uk::resolver::testing {

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
    std::ifstream in{file};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// Without the temporary folder's name.
std::string outcome(const universe& u) {
    const auto got = resolve(u.question());
    std::string text = got ? lines_of(*got) : base::render(got.error(), false);
    for (auto at = text.find(u.folder.string() + "/"); at != std::string::npos; at = text.find(u.folder.string() + "/"))
        text.erase(at, u.folder.string().size() + 1);
    return text;
}

std::vector<fs::path> scenarios() {
    std::vector<fs::path> files;
    for (const auto& one : fs::directory_iterator{fs::path{UK_SOURCE_DIR} / "tests/resolver/scenarios"})
        files.push_back(one.path());
    std::ranges::sort(files);
    return files;
}

class scenario : public ::testing::TestWithParam<fs::path> {};

TEST_P(scenario, comes_out_as_written) {
    const std::string text = read(GetParam());
    const auto line = text.find("---\n");
    ASSERT_NE(line, std::string::npos);
    const std::string got = outcome(read_universe(text.substr(0, line)));
    if (std::getenv("UK_ACCEPT")) std::ofstream{GetParam()} << text.substr(0, line + 4) << got;
    else EXPECT_EQ(got, text.substr(line + 4));
}

// The order of the blocks means nothing.
TEST_P(scenario, shuffled_gives_the_same) {
    const std::string text = read(GetParam());
    std::vector<std::string> blocks;
    for (const std::string_view line : base::split(std::string_view{text}.substr(0, text.find("---\n")), '\n')) {
        if (line.empty()) continue;
        if (line[0] != ' ') blocks.emplace_back();
        blocks.back() += std::string{line} + "\n";
    }
    std::mt19937 engine{7};
    std::ranges::shuffle(blocks, engine);
    std::string shuffled;
    for (const std::string& one : blocks) shuffled += one;
    EXPECT_EQ(outcome(read_universe(shuffled)), text.substr(text.find("---\n") + 4));
}

// Locking the answer and solving again gives it back, even when newer things have appeared since.
TEST_P(scenario, locked_stays) {
    const std::string text = read(GetParam());
    const universe u = read_universe(text.substr(0, text.find("---\n")));
    const auto first = resolve(u.question());
    if (!first) return; // nothing to lock
    const lock locked = make_lock({*first}, {});
    request again = u.question();
    again.locked = &locked;
    again.update.clear();
    const auto second = resolve(again);
    ASSERT_TRUE(second);
    EXPECT_EQ(lines_of(*second), lines_of(*first));
    EXPECT_EQ(write_lock(make_lock({*second}, {})), write_lock(locked));
    const auto parsed = parse_lock(write_lock(locked), "uk.lock");
    ASSERT_TRUE(parsed) << base::render(parsed.error(), false);
    EXPECT_EQ(*parsed, locked);
}

INSTANTIATE_TEST_SUITE_P(files, scenario, ::testing::ValuesIn(scenarios()),
                         [](const auto& one) { return one.param.stem().string(); });

} // namespace

} // namespace uk::resolver::testing
