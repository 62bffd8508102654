#include <chrono>

#include <gtest/gtest.h>

#include "base/file.hpp"

namespace uk::base {
namespace {

struct row {
    std::string_view pattern, path;
    bool matches;
};

class glob : public testing::TestWithParam<row> {};

TEST_P(glob, matches) {
    const auto& [pattern, path, expected] = GetParam();
    EXPECT_EQ(matches_glob(pattern, path), expected) << pattern << " on " << path;
}

INSTANTIATE_TEST_SUITE_P(
    table, glob,
    testing::Values(row{"a.c", "a.c", true}, row{"a.c", "b.c", false}, row{"a.c", "a.cc", false}, row{"a.c", "", false},
                    row{"", "", true}, row{"*", "", true}, row{"*.c", "a.c", true}, row{"*.c", "x/a.c", false},
                    row{"*.c", ".c", true}, row{"a*b*c", "aXXbYYc", true}, row{"a*b*c", "aXXcYYb", false},
                    row{"src/*.c", "src/a.c", true}, row{"src/*.c", "src/x/a.c", false},
                    row{"src/*/a.c", "src/x/a.c", true}, row{"src/*/a.c", "src/a.c", false}, row{"?.c", "a.c", true},
                    row{"?.c", "/.c", false}, row{"a?c", "a/c", false}, row{"src/**.cpp", "src/a.cpp", true},
                    row{"src/**.cpp", "src/x/y/a.cpp", true}, row{"src/**.cpp", "src.cpp", false},
                    row{"src/**.cpp", "lib/a.cpp", false}, row{"src/**", "src/x/y", true}, row{"**", "x/y", true},
                    row{"src/**/a.c", "src/a.c", true}, row{"src/**/a.c", "src/x/y/a.c", true},
                    row{"src/**/a.c", "src/xa.c", false}, row{"**/a.c", "a.c", true}, row{"**/a.c", "x/a.c", true},
                    row{"**/a.c", "xa.c", false}, row{"a/**/b/**/c", "a/b/c", true},
                    row{"a/**/b/**/c", "a/1/b/2/3/c", true}, row{"a/**/b/**/c", "a/1/2/3/c", false},
                    row{"[a]", "a", false}, row{"[a]", "[a]", true}));

TEST(glob_time, takes_no_exponential_time) {
    const auto begin = std::chrono::steady_clock::now();
    std::string pattern, path(4000, 'a');
    for (int i = 0; i < 200; ++i) pattern += "**a*a";
    EXPECT_FALSE(matches_glob(pattern + "b", path));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{5});
}

} // namespace
} // namespace uk::base
