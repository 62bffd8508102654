// Reading the command line: what is understood, what is refused, what is left to the loader.
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <uk/parameters.hpp>

namespace {

using namespace std::chrono_literals;
using type = uk::parameter::type;

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                       most = std::numeric_limits<std::int64_t>::max();
constexpr std::string_view colours[] = {"red", "green"};

/// One of each type, with their values.
struct everything {
    bool flag = false;
    std::int64_t number = 0;
    std::uint64_t size = 0;
    uk::duration time{};
    std::string_view text;
    unsigned colour = 0;
    std::uint32_t address = 0;
    uk::ipv4_cidr network;
    bool text_given = false;

    uk::parameter_problem problem;

    bool read(std::string_view line) {
        const uk::parameter known[] = {
            {"app.flag", type::boolean, &flag, nullptr, 0, 0, nullptr, 0},
            {"app.number", type::integer, &number, nullptr, -10, 10, nullptr, 0},
            {"app.any", type::integer, &number, nullptr, least, most, nullptr, 0},
            {"app.size", type::size, &size, nullptr, 0, most, nullptr, 0},
            {"app.small", type::size, &size, nullptr, 16, 1024, nullptr, 0},
            {"app.time", type::duration, &time, nullptr, 0, 0, nullptr, 0},
            {"app.text", type::text, &text, &text_given, 0, 0, nullptr, 0},
            {"app.colour", type::choice, &colour, nullptr, 0, 0, colours, 2},
            {"app.address", type::ipv4, &address, nullptr, 0, 0, nullptr, 0},
            {"net.address", type::ipv4_cidr, &network, nullptr, 0, 0, nullptr, 0},
            {"greeting", type::text, &text, nullptr, 0, 0, nullptr, 0},
        };
        return uk::read_parameters(line, known, problem);
    }
};

TEST(parameters, every_type) {
    everything e;
    ASSERT_TRUE(e.read("app.flag=true app.number=-7 app.size=16KiB app.time=250ms app.text=hi app.colour=green "
                       "app.address=10.0.0.2 net.address=192.168.1.1/24"));
    EXPECT_TRUE(e.flag);
    EXPECT_EQ(e.number, -7);
    EXPECT_EQ(e.size, 16384u);
    EXPECT_EQ(e.time, 250ms);
    EXPECT_EQ(e.text, "hi");
    EXPECT_TRUE(e.text_given);
    EXPECT_EQ(e.colour, 1u);
    EXPECT_EQ(e.address, 0x0a000002u);
    EXPECT_EQ(e.network, (uk::ipv4_cidr{0xc0a80101, 24}));
}

TEST(parameters, nothing_is_nothing) {
    everything e;
    EXPECT_TRUE(e.read(""));
    EXPECT_TRUE(e.read(" \t\n "));
    EXPECT_FALSE(e.text_given);
}

TEST(parameters, dashes_quotes_and_flags) {
    everything e;
    ASSERT_TRUE(e.read("--app.flag --greeting=hello"));
    EXPECT_TRUE(e.flag);
    EXPECT_EQ(e.text, "hello");
    ASSERT_TRUE(e.read("app.text=\"two words\" app.number=1"));
    EXPECT_EQ(e.text, "two words");
    EXPECT_EQ(e.number, 1);
    ASSERT_TRUE(e.read("\"--greeting=two  words\""));
    EXPECT_EQ(e.text, "two  words");
    ASSERT_TRUE(e.read("app.text=\"\""));
    EXPECT_EQ(e.text, "");
    ASSERT_TRUE(e.read("app.text=a=b"));
    EXPECT_EQ(e.text, "a=b");
}

TEST(parameters, the_last_of_several_wins) {
    everything e;
    ASSERT_TRUE(e.read("app.number=1 app.number=2"));
    EXPECT_EQ(e.number, 2);
}

TEST(parameters, the_loaders_own_words_are_skipped) {
    everything e;
    EXPECT_TRUE(e.read("console=ttyS0 quiet root=/dev/vda1 virtio_mmio.device=512@0xfeb00e00:12 app.number=3"));
    EXPECT_EQ(e.number, 3);
}

TEST(parameters, an_unknown_name_is_a_problem) {
    for (const std::string_view word : {"--nothing", "--nothing=1", "app.numbr=1", "app.", ".", "--", "app.flag.x=true",
                                        "--virtio_mmio.device=1", "virtio_mm.device=1"}) {
        everything e;
        EXPECT_FALSE(e.read(word)) << word;
        EXPECT_EQ(e.problem.word, word);
        EXPECT_TRUE(e.problem.expected.empty());
    }
}

TEST(parameters, a_value_that_is_not_of_its_type_is_a_problem) {
    for (const std::string_view word : {"app.flag=yes",
                                        "app.flag=",
                                        "app.flag=TRUE",
                                        "app.number=",
                                        "app.number=11",
                                        "app.number=-11",
                                        "app.number=1x",
                                        "app.number=+1",
                                        "app.number=0x1",
                                        "app.number=--1",
                                        "app.number=-",
                                        "app.any=9223372036854775808",
                                        "app.any=-9223372036854775809",
                                        "app.any=18446744073709551617",
                                        "app.any=99999999999999999999999",
                                        "app.size=-1",
                                        "app.size=1kib",
                                        "app.size=1TiB",
                                        "app.size=KiB",
                                        "app.size=9007199254740992KiB",
                                        "app.size=1KiBx",
                                        "app.small=15",
                                        "app.small=1025",
                                        "app.small=2KiB",
                                        "app.time=5",
                                        "app.time=1.5s",
                                        "app.time=ms",
                                        "app.time=2562048h",
                                        "app.time=-1s",
                                        "app.colour=blue",
                                        "app.colour=Red",
                                        "app.colour=",
                                        "app.address=10.0.0",
                                        "app.address=10.0.0.256",
                                        "app.address=10.0.0.1.",
                                        "app.address=10.0.0.01",
                                        "app.address=1.2.3.4/8",
                                        "app.address=",
                                        "app.address=a.b.c.d",
                                        "net.address=10.0.0.1/33",
                                        "net.address=10.0.0.1/",
                                        "net.address=10.0.0.1/-1",
                                        "net.address=/8",
                                        "app.number",
                                        "app.text",
                                        "--app.text"}) {
        everything e;
        EXPECT_FALSE(e.read(word)) << word;
        EXPECT_EQ(e.problem.word, word);
        EXPECT_FALSE(e.problem.expected.empty()) << word;
    }
}

TEST(parameters, the_ends_of_ranges_are_inside) {
    everything e;
    ASSERT_TRUE(e.read("app.any=-9223372036854775808"));
    EXPECT_EQ(e.number, least);
    ASSERT_TRUE(e.read("app.any=9223372036854775807"));
    EXPECT_EQ(e.number, most);
    ASSERT_TRUE(e.read("app.number=-10 app.number=10 app.small=16 app.small=1KiB"));
    ASSERT_TRUE(e.read("net.address=0.0.0.0/0"));
    EXPECT_EQ(e.network, (uk::ipv4_cidr{0, 0}));
    ASSERT_TRUE(e.read("net.address=255.255.255.255"));
    EXPECT_EQ(e.network, (uk::ipv4_cidr{0xffffffff, 32}));
    ASSERT_TRUE(e.read("app.size=8589934591GiB app.time=2562047h"));
}

TEST(parameters, values_before_the_problem_stay) {
    everything e;
    EXPECT_FALSE(e.read("app.number=5 app.size=big app.number=6"));
    EXPECT_EQ(e.number, 5);
    EXPECT_EQ(e.problem.word, "app.size=big");
}

TEST(parameters, hostile_lines_do_no_harm) {
    const std::string long_word(100'000, 'a'), spaces(100'000, ' '), quotes(1001, '"'), dashes(10'000, '-');
    const std::string zero("app.text=a\0b", 12);
    everything e;
    EXPECT_TRUE(e.read(long_word));
    EXPECT_TRUE(e.read(spaces));
    EXPECT_TRUE(e.read(quotes));
    EXPECT_FALSE(e.read(dashes));
    EXPECT_TRUE(e.read(zero));
    EXPECT_EQ(e.text.size(), 3u);
    EXPECT_TRUE(e.read("=")) << "no name, no dashes, no dot: the loader's";
    EXPECT_TRUE(e.read("\""));
    EXPECT_TRUE(e.read("app.text=\"never closed"));
    EXPECT_EQ(e.text, "never closed");
    EXPECT_TRUE(e.read("app.text=\""));
    EXPECT_EQ(e.text, "");
    EXPECT_TRUE(e.read("app.text=\xff\xfe"));
    EXPECT_FALSE(e.read("app.number=\xd9\xa3")); // an Arabic-Indic digit is no digit here
}

} // namespace

TEST(parameters, an_image_without_any_refuses_what_reading_would_refuse) {
    for (const std::string_view line :
         {"", "  ", "console=ttyS0 quiet", "--x", "a --x=1 b", "net.address=1", "x=1.5", "\"--x y\"", "\"a b\"",
          "virtio_mmio.device=512@0xfeb00e00:12", "--virtio_mmio.device=1"}) {
        uk::parameter_problem read, refused;
        EXPECT_EQ(uk::refuse_parameters(line, refused), uk::read_parameters(line, {}, read)) << line;
        EXPECT_EQ(refused.word, read.word) << line;
    }
}
