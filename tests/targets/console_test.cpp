#include <gtest/gtest.h>

#include "targets/console.hpp"

namespace uk::targets {
namespace {

TEST(console, takes_off_the_return_before_a_line_end_and_no_other) {
    console all, pieces;
    EXPECT_EQ(all.take("one\r\ntwo\r\r\n50%\r60%\r\n"), "one\ntwo\r\n50%\r60%\n");
    EXPECT_EQ(pieces.take("one\r"), "one");
    EXPECT_EQ(pieces.take("\ntwo\r"), "\ntwo");
    EXPECT_EQ(pieces.take("x\r"), "\rx");
    EXPECT_EQ(pieces.finish(), "\r");
    EXPECT_EQ(pieces.finish(), "");
}

TEST(console, hands_on_any_byte) {
    const std::string bytes{"\0\x1b[1m\xff\n", 7};
    EXPECT_EQ(console{}.take(bytes), bytes);
}

std::optional<int> said(std::string_view text) {
    console one;
    one.take(text);
    return one.said_status();
}

TEST(console, knows_the_status_that_the_last_line_says) {
    EXPECT_EQ(said("hello\nuk: exit status 7\r\n"), 7);
    EXPECT_EQ(said("uk: exit status 126"), 126);
    EXPECT_EQ(said("uk: exit status 0\n"), 0);
}

TEST(console, believes_nothing_else) {
    for (const char* text : {"", "\n", "uk: exit status 7\nmore\n", "uk: exit status \n", "uk: exit status 7x\n",
                             "uk: exit status -1\n", "uk: exit status 256\n", "uk: exit status 99999999999999999999\n",
                             " uk: exit status 7\n", "it says: uk: exit status 7\n"})
        EXPECT_EQ(said(text), std::nullopt) << text;
}

TEST(console, a_boot_line_keeps_words_together) {
    EXPECT_EQ(command_line({}), "");
    EXPECT_EQ(command_line({"--a=1", "net.address=10.0.0.2/24"}), "--a=1 net.address=10.0.0.2/24");
    EXPECT_EQ(command_line({"--greeting=good day", "--tab=a\tb"}), "\"--greeting=good day\" \"--tab=a\tb\"");
}

} // namespace
} // namespace uk::targets
