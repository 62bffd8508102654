// What print makes of formats and values. (That wrong formats don't compile is shown by tests/images.)
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <uk/print.hpp>

namespace {

using namespace std::chrono_literals;

/// A console that remembers, and fails when told.
struct memory_console {
    std::string text;
    int writes = 0;
    bool broken = false;

    uk::result<void> write(std::string_view piece) {
        ++writes;
        if (broken) return uk::error::io;
        text += piece;
        return {};
    }
    uk::result<std::size_t> read(std::span<std::byte>) { return std::size_t{0}; }
};

template <class... Arguments>
std::string printed(uk::printing::format_string<std::type_identity_t<Arguments>...> format,
                    const Arguments&... arguments) {
    memory_console console;
    EXPECT_TRUE(uk::print(console, format, arguments...));
    return console.text;
}

TEST(print, text_and_braces) {
    EXPECT_EQ(printed("plain"), "plain");
    EXPECT_EQ(printed(""), "");
    EXPECT_EQ(printed("{{{}}} }}{{", 1), "{1} }{");
    EXPECT_EQ(printed("{} {} {}", "a", std::string("b"), std::string_view("c")), "a b c");
    EXPECT_EQ(printed("{}{}", 'x', true), "xtrue");
}

TEST(print, integers) {
    EXPECT_EQ(printed("{} {} {}", 0, -1, 42u), "0 -1 42");
    EXPECT_EQ(printed("{}", std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(printed("{}", std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
    EXPECT_EQ(printed("{}", std::int8_t{-128}), "-128");
    EXPECT_EQ(printed("{:x} {:X} {:#x} {:b} {:o} {:#o}", 255, 255, 255, 5, 8, 8), "ff FF 0xff 101 10 010");
    EXPECT_EQ(printed("{:x}", -255), "-ff");
}

TEST(print, width_and_alignment) {
    EXPECT_EQ(printed("[{:5}][{:<5}][{:^5}][{:>5}]", 42, 42, 42, 42), "[   42][42   ][ 42  ][   42]");
    EXPECT_EQ(printed("[{:5}][{:>5}][{:*^7}]", "ab", "ab", "ab"), "[ab   ][   ab][**ab***]");
    EXPECT_EQ(printed("{:05} {:05} {:#06x}", 42, -42, 10), "00042 -0042 0x000a");
    EXPECT_EQ(printed("{:.2}|{:.9}", "abc", "abc"), "ab|abc");
    EXPECT_EQ(printed("[{:4}]", "w\u00e4"), "[w\u00e4  ]") << "width counts characters, not bytes";
    EXPECT_EQ(printed("{:99}", 1).size(), 99u);
}

TEST(print, floating_point) {
    EXPECT_EQ(printed("{} {} {} {}", 0.1, 1.0, 1e100, -2.5f), "0.1 1 1e+100 -2.5");
    EXPECT_EQ(printed("{}", 0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(printed("{:.2} {:.2f} {:.3e} {:8.1f}|{:08.1f}", 3.14159, 2.0, 12345.0, -1.5, -1.5),
              "3.14 2.00 1.234e+04     -1.5|-00001.5");
    EXPECT_EQ(printed("{}", std::numeric_limits<double>::infinity()), "inf");
    EXPECT_EQ(printed("{:.99f}", std::numeric_limits<double>::max()).size(), 309u + 1 + 99);
}

TEST(print, times) {
    EXPECT_EQ(printed("{} {} {} {}", 0s, 250ms, 1500ms, 12345ns), "0s 250ms 1.5s 12.345us");
    EXPECT_EQ(printed("{} {} {}", 999ns, -1ms, 3h), "999ns -1ms 10800s");
    EXPECT_EQ(printed("{}", uk::duration::min()), "-9223372036.854s");
    EXPECT_EQ(printed("{}", uk::instant{1050us}), "1.05ms");
    EXPECT_EQ(printed("{}", uk::wall_time{951827400s}), "2000-02-29 12:30:00");
    EXPECT_EQ(printed("{}", uk::wall_time{-1ns}), "1969-12-31 23:59:59");
}

TEST(print, errors_are_their_text) { EXPECT_EQ(printed("{}", uk::error::timed_out), "the operation took too long"); }

TEST(print, long_text_goes_in_pieces_and_arrives_whole) {
    const std::string text(1000, 'x');
    memory_console console;
    EXPECT_TRUE(uk::print(console, "{}{}\n", text, 1));
    EXPECT_EQ(console.text, text + "1\n");
    EXPECT_EQ(console.writes, 4);
}

TEST(print, a_broken_console_is_told_and_left_alone) {
    memory_console console;
    console.broken = true;
    const auto result = uk::print(console, "{}", std::string(1000, 'x'));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), uk::error::io);
    EXPECT_EQ(console.writes, 1);
}

TEST(print, print_to_cuts) {
    char place[5];
    EXPECT_EQ(uk::print_to(place, "{}-{}", 123, 456), "123-4");
    EXPECT_EQ(uk::print_to(place, "ok"), "ok");
}

} // namespace
