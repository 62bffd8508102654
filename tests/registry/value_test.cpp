#include <gtest/gtest.h>

#include "registry/value.hpp"

namespace uk::registry {
namespace {

std::string normal(const declaration& declared, const std::string& written) {
    const auto document = base::yaml::parse("a: " + written + "\n", "f");
    EXPECT_TRUE(document) << written;
    if (!document) return "";
    const auto read = read_value(declared, *document->find("a"));
    return read ? value_text(declared.type, *read) : "refused";
}

TEST(value, has_one_normal_form) {
    EXPECT_EQ(normal({.type = value_type::boolean}, "true"), "true");
    EXPECT_EQ(normal({.type = value_type::integer}, "0x3f8"), "1016");
    EXPECT_EQ(normal({.type = value_type::integer}, "-5"), "-5");
    EXPECT_EQ(normal({.type = value_type::integer}, "-9223372036854775808"), "-9223372036854775808");
    EXPECT_EQ(normal({.type = value_type::size}, "16384"), "16KiB");
    EXPECT_EQ(normal({.type = value_type::size}, "0"), "0B");
    EXPECT_EQ(normal({.type = value_type::duration}, "60000ms"), "1min");
    EXPECT_EQ(normal({.type = value_type::text}, "1.10"), "1.10");
    EXPECT_EQ(normal({.type = value_type::text}, "no"), "no");
    EXPECT_EQ(normal({.type = value_type::text}, "\"\""), "");
    EXPECT_EQ(normal({.type = value_type::path}, "./site/"), "site");
    EXPECT_EQ(normal({.type = value_type::path}, "."), ".");
    EXPECT_EQ(normal({.type = value_type::ipv4}, "192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(normal({.type = value_type::ipv4_cidr}, "192.0.2.1/24"), "192.0.2.1/24");
    EXPECT_EQ(normal({.type = value_type::choice, .choices = {"a", "b"}}, "b"), "b");
}

TEST(value, of_the_wrong_type_is_refused) {
    for (const auto text : {"no", "yes", "True", "1", "\"true\"", "[true]", "~"})
        EXPECT_EQ(normal({.type = value_type::boolean}, text), "refused") << text;
    for (const auto text : {"010", "1.0", "1e3", "9223372036854775808", "18446744073709551616", "0x", "--1", "\"1\"",
                            "0b1", "1_000", "+1", "0x-1"})
        EXPECT_EQ(normal({.type = value_type::integer}, text), "refused") << text;
    for (const auto text : {"16KB", "-1KiB", "1.5MiB", "16 KiB", "9223372036854775808"})
        EXPECT_EQ(normal({.type = value_type::size}, text), "refused") << text;
    for (const auto text : {"250", "1.5s", "-1s"})
        EXPECT_EQ(normal({.type = value_type::duration}, text), "refused") << text;
    for (const auto text : {"/etc", "..", "a/../b", "a//b", "a/./b", "../a", "\"a\\\\b\"", "\"\"", "~", "a/.."})
        EXPECT_EQ(normal({.type = value_type::path}, text), "refused") << text;
    for (const auto text : {"1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4/8", "1.2.3.-4", "a.b.c.d"})
        EXPECT_EQ(normal({.type = value_type::ipv4}, text), "refused") << text;
    for (const auto text : {"1.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/08", "1.2.3.4/-1"})
        EXPECT_EQ(normal({.type = value_type::ipv4_cidr}, text), "refused") << text;
    EXPECT_EQ(normal({.type = value_type::choice, .choices = {"a", "b"}}, "c"), "refused");
}

TEST(value, keeps_to_its_range) {
    const declaration window{.type = value_type::size, .least = 2048, .most = 1 << 20};
    EXPECT_EQ(normal(window, "2KiB"), "2KiB");
    EXPECT_EQ(normal(window, "1MiB"), "1MiB");
    EXPECT_EQ(normal(window, "2047"), "refused");
    EXPECT_EQ(normal(window, "1048577"), "refused");
}

} // namespace
} // namespace uk::registry
