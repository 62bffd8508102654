#include "build/shell.hpp"

#include <gtest/gtest.h>

#include "base/process.hpp"

namespace uk::build {

TEST(shell, reads_back_what_was_written) {
    const std::vector<std::string> words = {"printf",           "%s\\n", "plain", "",       "a b", "it's",
                                            "$HOME `id` \"q\"", "\n",    "*",     "-DX='y'"};
    const auto said =
        base::run({.arguments = {"sh", "-c", shell_line(words)}, .environment = {}, .folder = {}, .input = {}});
    ASSERT_TRUE(said);
    std::string expected;
    for (std::size_t i = 2; i < words.size(); ++i) expected += words[i] + "\n";
    EXPECT_EQ(said->output, expected);
}

} // namespace uk::build
