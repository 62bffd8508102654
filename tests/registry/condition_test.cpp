#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "registry/condition.hpp"

namespace uk::registry {
namespace {

const std::vector<declaration> options{{.name = "ipv6", .type = value_type::boolean},
                                       {.name = "tcp-window", .type = value_type::size},
                                       {.name = "mode", .type = value_type::choice, .choices = {"fast", "small"}}};

bool holds(std::string_view text) {
    const auto read = parse_condition(text, options, {"f", 1, 1});
    EXPECT_TRUE(read) << text << "\n" << (read ? "" : render(read.error(), false));
    return read && read->holds([](std::string_view name) -> std::optional<std::string> {
        if (name == "target.arch") return "x86_64";
        if (name == "target.family") return "unikernel";
        if (name == "option.ipv6") return "true";
        if (name == "option.tcp-window") return "16KiB";
        if (name == "option.mode") return "fast";
        return std::nullopt;
    });
}

TEST(condition, compares) {
    EXPECT_TRUE(holds("target.arch == x86_64"));
    EXPECT_FALSE(holds("target.arch == avr"));
    EXPECT_TRUE(holds("target.arch != avr"));
    EXPECT_TRUE(holds("option.ipv6 == true"));
    EXPECT_TRUE(holds("option.tcp-window == 16384")) << "values are compared in normal form";
    EXPECT_TRUE(holds("option.tcp-window >= 16KiB"));
    EXPECT_TRUE(holds("option.tcp-window < 1MiB"));
    EXPECT_FALSE(holds("option.tcp-window > 16KiB"));
    EXPECT_FALSE(holds("option.tcp-window <= 2KiB"));
    EXPECT_TRUE(holds("option.mode!=small"));
}

TEST(condition, and_binds_closer_than_or_and_not_closest) {
    EXPECT_TRUE(holds("target.arch == x86_64 or target.arch == avr and target.arch == arm"));
    EXPECT_FALSE(holds("(target.arch == x86_64 or target.arch == avr) and target.arch == arm"));
    EXPECT_FALSE(holds("not target.arch == x86_64 or target.arch == avr"));
    EXPECT_TRUE(holds("not (target.arch == avr or target.arch == arm)"));
    EXPECT_TRUE(holds("not not target.arch == x86_64"));
    EXPECT_TRUE(holds("target.arch == x86_64 and option.ipv6 == true and option.mode == fast"));
}

TEST(condition, on_what_isnt_known_is_false) {
    EXPECT_FALSE(holds("target.name == kvm"));
    EXPECT_FALSE(holds("target.name != kvm"));
}

TEST(condition, says_what_it_asks_for) {
    const auto read = parse_condition("option.mode == fast and (not option.ipv6 == true or target.arch == avr)",
                                      options, {"f", 3, 7});
    ASSERT_TRUE(read);
    EXPECT_THAT(read->options(), testing::ElementsAre("ipv6", "mode"));
    EXPECT_EQ(read->text(), "option.mode == fast and (not option.ipv6 == true or target.arch == avr)");
    EXPECT_EQ(read->where(), (base::place{"f", 3, 7}));
    EXPECT_FALSE(read->always());
    EXPECT_TRUE(condition{}.always());
    EXPECT_TRUE(condition{}.holds([](std::string_view) { return std::nullopt; }));
}

TEST(condition, mistakes_point_into_the_text) {
    const auto read = parse_condition("target.arch == x86_64 and option.ipv4 == true", options, {"f", 3, 7});
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().diagnostics()[0].where, (base::place{"f", 3, 33}));
}

} // namespace
} // namespace uk::registry
