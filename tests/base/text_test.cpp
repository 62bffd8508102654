#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"

namespace uk::base {
namespace {

const std::vector<std::string> fields{"needs", "requires", "name", "targets", "sha256"};

TEST(text, suggests_what_is_near) {
    EXPECT_EQ(nearest("need", fields), "needs");
    EXPECT_EQ(nearest("sha265", fields), "sha256") << "a swap is one step";
    EXPECT_EQ(nearest("requries", fields), "requires");
    EXPECT_EQ(nearest("frobnicate", fields), std::nullopt);
    EXPECT_EQ(nearest("", fields), std::nullopt);
    EXPECT_EQ(nearest("x", std::vector<std::string>{"y"}), std::nullopt) << "nothing in common";
    EXPECT_EQ(did_you_mean("nmae", fields), "; did you mean `name`?");
    EXPECT_EQ(did_you_mean("zzz", fields), "");
}

TEST(text, escapes_controls_and_broken_bytes) {
    EXPECT_EQ(printable("plain é"), "plain é");
    EXPECT_EQ(printable("a\x1b[31m\n"), "a\\x1b[31m\\x0a");
    EXPECT_EQ(printable("\xff\xc0\xaf"), "\\xff\\xc0\\xaf");
    EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "C1's control sequence introducer";
    EXPECT_EQ(printable("\xe2\x80\xae"), "\\xe2\\x80\\xae") << "right-to-left override";
}

TEST(text, a_path_lies_in_a_folder) {
    EXPECT_TRUE(lies_in("src", "src"));
    EXPECT_TRUE(lies_in("src/a/b.c", "src"));
    EXPECT_FALSE(lies_in("srcs/a", "src"));
    EXPECT_FALSE(lies_in("sr", "src"));
    EXPECT_FALSE(lies_in("a/src", "src"));
}

TEST(text, sizes) {
    EXPECT_EQ(parse_size("16KiB"), 16384u);
    EXPECT_EQ(parse_size("0"), 0u);
    EXPECT_EQ(parse_size("512"), 512u);
    EXPECT_EQ(parse_size("512B"), 512u);
    EXPECT_EQ(parse_size("9223372036854775807"), 9223372036854775807u);
    for (const auto wrong : {"", "KiB", "-1", "+1", "1.5KiB", "16 KiB", "16KB", "16kib", "0x10", "9223372036854775808",
                             "8589934592GiB", "18446744073709551616"})
        EXPECT_FALSE(parse_size(wrong)) << wrong;
    EXPECT_EQ(format_size(16384), "16KiB");
    EXPECT_EQ(format_size(16385), "16385B");
    EXPECT_EQ(format_size(3u << 20), "3MiB");
    for (const std::uint64_t size : {0ull, 1ull, 1024ull, 1536ull, 1ull << 40})
        EXPECT_EQ(parse_size(format_size(size)), size);
}

TEST(text, durations) {
    EXPECT_EQ(parse_duration("250ms"), 250'000'000);
    EXPECT_EQ(parse_duration("2min"), 120'000'000'000);
    EXPECT_EQ(parse_duration("0"), 0);
    for (const auto wrong : {"", "250", "-1s", "1.5s", "1 s", "1m", "9223372037s", "3000000h"})
        EXPECT_FALSE(parse_duration(wrong)) << wrong;
    EXPECT_EQ(format_duration(250'000'000), "250ms");
    EXPECT_EQ(format_duration(90'000'000'000), "90s");
    for (const std::int64_t time : {0ll, 1ll, 60'000'000'000ll, 7'200'000'000'000ll})
        EXPECT_EQ(parse_duration(format_duration(time)), time);
}

TEST(text, splits_joins_and_trims) {
    EXPECT_THAT(split("a,,b", ','), testing::ElementsAre("a", "", "b"));
    EXPECT_THAT(split("", ','), testing::ElementsAre(""));
    EXPECT_EQ(join(std::vector<std::string>{"a", "b"}, ", "), "a, b");
    EXPECT_EQ(trim(" \ta b\n"), "a b");
    EXPECT_EQ(trim("  "), "");
    EXPECT_EQ(identifier("uart-16550.x+y"), "uart_16550_x_y");
}

} // namespace
} // namespace uk::base
