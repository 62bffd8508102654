#include <ctime>

#include <gtest/gtest.h>

#include "base/yaml.hpp"

namespace uk::base::yaml {
namespace {

node good(std::string_view text) {
    auto read = parse(text, "f");
    EXPECT_TRUE(read) << (read ? "" : render(read.error(), false));
    return read ? *std::move(read) : node{};
}

#ifdef __SANITIZE_ADDRESS__
constexpr int limit_seconds = 30;
#else
constexpr int limit_seconds = 5;
#endif

std::string wrong(const std::string& text) {
    const auto begin = std::clock(); // of the processor, which others use too
    const auto read = parse(text, "f");
    EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, limit_seconds);
    return read ? "accepted"
                : read.error().diagnostics()[0].where.text() + ": " + read.error().diagnostics()[0].message;
}

TEST(yaml, scalars_stay_text) {
    const auto map = good("a: 1.10\nb: no\nc: 010\nd: 0x10\ne: true\nf: 2001-01-01\ng: .inf\nh: 1e3\n");
    std::string all;
    for (const auto& [key, value] : map.entries) all += value.text + " ";
    EXPECT_EQ(all, "1.10 no 010 0x10 true 2001-01-01 .inf 1e3 ");
    EXPECT_FALSE(map.find("b")->quoted);
}

TEST(yaml, null_is_what_isnt_written) {
    const auto map = good("a:\nb: ~\nc: null\nd: \"null\"\ne: ''\n");
    for (const auto key : {"a", "b", "c"}) EXPECT_TRUE(map.find(key)->is_null()) << key;
    EXPECT_EQ(map.find("d")->text, "null");
    EXPECT_TRUE(map.find("e")->is_scalar());
    EXPECT_TRUE(map.find("e")->quoted);
    EXPECT_EQ(map.find("z"), nullptr);
    EXPECT_TRUE(good("").is_null());
    EXPECT_TRUE(good("# only a comment\n").is_null());
}

TEST(yaml, places_count_lines_and_code_points) {
    const auto map = good("\xef\xbb\xbf# début\nname: a\nlist: [é, {k: v}]\nblock:\n  - x\n  - |\n    text\n");
    EXPECT_EQ(map.entries[0].first.where, (place{"f", 2, 1}));
    EXPECT_EQ(map.find("name")->where, (place{"f", 2, 7}));
    EXPECT_EQ(map.find("list")->items[1].where, (place{"f", 3, 11}));
    EXPECT_EQ(map.find("list")->items[1].entries[0].second.where, (place{"f", 3, 15}));
    EXPECT_EQ(map.find("block")->items[1].where, (place{"f", 6, 5}));
    EXPECT_EQ(map.find("block")->items[1].text, "text\n");
    EXPECT_TRUE(map.find("block")->items[1].quoted);
}

TEST(yaml, line_ends_of_other_systems) {
    const auto map = good("a: 1\r\nb: 2\r\n");
    EXPECT_EQ(map.find("b")->where, (place{"f", 2, 4}));
    EXPECT_EQ(map.find("b")->text, "2");
}

TEST(yaml, entries_keep_their_order) {
    const auto map = good("z: 1\na: 2\nm: 3\n");
    EXPECT_EQ(map.entries[0].first.text + map.entries[1].first.text + map.entries[2].first.text, "zam");
}

TEST(yaml, quotes_so_that_it_reads_back) {
    for (const std::string text : {"plain",
                                   "",
                                   "1.10",
                                   "no",
                                   "null",
                                   "true",
                                   "~",
                                   "a: b",
                                   "a #b",
                                   "- a",
                                   "*",
                                   "&a",
                                   "!t",
                                   "%x",
                                   "@x",
                                   "`x`",
                                   "{a}",
                                   "[a]",
                                   ">=1, <2",
                                   "^1",
                                   "with \"quotes\"",
                                   "back\\slash",
                                   "two\nlines",
                                   "tab\t",
                                   " space ",
                                   "é",
                                   "a:",
                                   ":a",
                                   "?",
                                   "-",
                                   "--- a",
                                   "net.stack ^1",
                                   "a,b",
                                   "#",
                                   "'",
                                   "|",
                                   ">",
                                   "=1.2.3",
                                   "<<"}) {
        const auto map = good("a: " + quote(text) + "\nb: [" + quote(text) + "]\n");
        ASSERT_NE(map.find("a"), nullptr) << text;
        EXPECT_EQ(map.find("a")->text, text);
        EXPECT_TRUE(map.find("a")->is_scalar()) << text;
        EXPECT_EQ(map.find("b")->items.at(0).text, text);
        const auto as_key = good(quote(text) + ": x\n");
        ASSERT_EQ(as_key.entries.size(), 1u) << text;
        EXPECT_EQ(as_key.entries[0].first.text, text);
    }
    EXPECT_EQ(quote("plain"), "plain");
}

// What is too large for a file of its own in tests/hostile.
TEST(yaml, refuses_what_is_too_large) {
    EXPECT_EQ(wrong("a: \"" + std::string(5'000'000, 'x') + "\"\n"), "f: the file is larger than 4MiB");
    std::string many;
    for (int i = 0; i < 100'001; ++i) many += "- a\n";
    EXPECT_EQ(wrong(many), "f:100000:3: more than 100000 values in one file");
    std::string keys;
    for (int i = 0; i < 49'000; ++i) keys += "k" + std::to_string(i) + ": a\n";
    EXPECT_EQ(wrong(keys), "accepted");
    EXPECT_NE(wrong(std::string(4'000'000, '[')), "accepted");
    EXPECT_NE(wrong(std::string(4'000'000, '{')), "accepted");
    std::string dashes;
    for (int i = 0; i < 500'000; ++i) dashes += "- ";
    EXPECT_EQ(wrong(dashes), "f:1:65: nested more than 32 deep");
    std::string questions;
    for (int i = 0; i < 500'000; ++i) questions += "? ";
    EXPECT_NE(wrong(questions), "accepted");
}

TEST(yaml, takes_linear_time) {
    EXPECT_EQ(wrong("a: " + std::string(4'000'000, 'x') + "\n"), "accepted");
    EXPECT_EQ(wrong("a: \"" + std::string(4'000'000, '\'') + "\"\n"), "accepted");
    EXPECT_EQ(wrong("a: |\n" + std::string(2'000'000, ' ') + "x\n"), "accepted");
    EXPECT_EQ(wrong(std::string(4'000'000, '\n') + "a: 1\n"), "accepted");
    EXPECT_EQ(wrong(std::string(4'000'000, '#') + "\na: 1\n"), "accepted");
    std::string key(100'000, 'k');
    EXPECT_NE(wrong(key + ": 1\n").substr(0, 1), "x");
}

} // namespace
} // namespace uk::base::yaml
