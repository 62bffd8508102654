#include <algorithm>

#include <gtest/gtest.h>

#include "registry/version.hpp"

namespace uk::registry {
namespace {

version v(std::string_view text) {
    auto read = parse_version(text, {});
    EXPECT_TRUE(read) << text;
    return read ? *read : version{};
}

TEST(version, orders_as_semver_says) {
    // SemVer 2.0.0, section 11, with revisions in between.
    const std::vector<std::string> ordered{"0.9.9",         "1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                           "1.0.0-beta",    "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
                                           "1.0.0-rc.1-r1", "1.0.0",        "1.0.0-r1",      "1.0.0-r2",
                                           "1.0.0-r10",     "1.0.1",        "1.2.0",         "1.10.0",
                                           "2.0.0"};
    for (std::size_t i = 0; i < ordered.size(); ++i)
        for (std::size_t j = 0; j < ordered.size(); ++j)
            EXPECT_EQ(v(ordered[i]) <=> v(ordered[j]), i <=> j) << ordered[i] << " and " << ordered[j];
}

TEST(version, is_written_as_read) {
    for (const auto text :
         {"0.0.0", "1.2.3", "1.2.3-r4", "1.0.0-alpha.1", "1.0.0-x-y-z.-", "1.0.0-rc.1-r2", "4294967295.0.0"})
        EXPECT_EQ(v(text).text(), text);
    EXPECT_EQ(v("1.2.3-r4").revision, 4u);
    EXPECT_FALSE(v("1.2.3-r4").is_prerelease());
    EXPECT_EQ(parse_signature_version("1", {})->text(), "1.0.0");
    EXPECT_EQ(parse_signature_version("0.3", {})->text_short(), "0.3");
    EXPECT_FALSE(parse_signature_version("1.0-rc", {}));
    EXPECT_FALSE(parse_signature_version("^1", {}));
}

struct row {
    std::string_view requirement, matching, others; // versions, separated by blanks
};

class requirement_table : public testing::TestWithParam<row> {};

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> all;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        all.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return all;
}

TEST_P(requirement_table, matches) {
    const auto read = parse_requirement(GetParam().requirement, {});
    ASSERT_TRUE(read) << render(read.error(), false);
    for (const auto& text : words(GetParam().matching))
        EXPECT_TRUE(read->matches(v(text))) << GetParam().requirement << " on " << text;
    for (const auto& text : words(GetParam().others))
        EXPECT_FALSE(read->matches(v(text))) << GetParam().requirement << " on " << text;
    EXPECT_EQ(*parse_requirement(read->text(), {}), *read) << read->text();
}

// The ranges are those of The Cargo Book, "Specifying Dependencies".
INSTANTIATE_TEST_SUITE_P(
    cargo, requirement_table,
    testing::Values(row{"^1.2.3", "1.2.3 1.2.4 1.9.0 1.2.3-r1", "1.2.2 2.0.0 1.2.3-rc.1 1.5.0-rc.1 2.0.0-rc.1"},
                    row{"1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0"}, row{"^1.2", "1.2.0 1.9.9", "1.1.9 2.0.0"},
                    row{"^1", "1.0.0 1.9.9", "0.9.9 2.0.0"}, row{"^0.2.3", "0.2.3 0.2.9", "0.2.2 0.3.0 1.2.3"},
                    row{"^0.2", "0.2.0 0.2.9", "0.1.9 0.3.0"}, row{"^0.0.3", "0.0.3 0.0.3-r5", "0.0.2 0.0.4 0.1.3"},
                    row{"^0.0", "0.0.0 0.0.9", "0.1.0"}, row{"^0", "0.0.0 0.9.9", "1.0.0"},
                    row{"~1.2.3", "1.2.3 1.2.9", "1.2.2 1.3.0"}, row{"~1.2", "1.2.0 1.2.9", "1.1.9 1.3.0"},
                    row{"~1", "1.0.0 1.9.9", "2.0.0"}, row{"*", "0.0.0 9.9.9", "1.0.0-rc.1"},
                    row{"1.*", "1.0.0 1.9.9", "2.0.0 0.9.9"}, row{"1.2.*", "1.2.0 1.2.9", "1.3.0"},
                    row{">=1.2.0", "1.2.0 9.0.0", "1.1.9"}, row{">1", "2.0.0", "1.0.0 1.9.9"},
                    row{">1.2", "1.3.0 2.0.0", "1.2.9"}, row{"<2", "1.9.9 0.0.0", "2.0.0"},
                    row{"<=2", "2.0.0 2.9.9", "3.0.0"}, row{"=1.2.3", "1.2.3 1.2.3-r2", "1.2.4 1.2.2"},
                    row{"=1.2", "1.2.0 1.2.9", "1.3.0"}, row{"=1.2.3-r2", "1.2.3-r2", "1.2.3 1.2.3-r1 1.2.3-r3"},
                    row{">=1.2, <1.5", "1.2.0 1.4.9", "1.1.9 1.5.0"}, row{">= 1.2 ,  < 1.5", "1.2.0", "1.5.0"}));

// A pre-release is asked for by name: docs.rs/semver, "VersionReq::matches".
INSTANTIATE_TEST_SUITE_P(prereleases, requirement_table,
                         testing::Values(row{"^1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.11 1.2.3 1.3.0",
                                             "1.2.3-beta.1 1.2.4-beta.2 1.3.0-rc.1"},
                                         row{">=1.0.0-alpha, <1.0.0", "1.0.0-alpha 1.0.0-rc.1", "1.0.0 1.0.1-alpha"},
                                         row{"=1.0.0-rc.1", "1.0.0-rc.1", "1.0.0 1.0.0-rc.2"},
                                         row{"~1.2.3-rc.1", "1.2.3-rc.1 1.2.3 1.2.9", "1.2.3-beta 1.3.0"}));

TEST(requirement, takes_prereleases_like_any_other_for_conflicts) {
    const auto read = *parse_requirement("<2", {});
    EXPECT_FALSE(read.matches(v("1.5.0-rc.1")));
    EXPECT_TRUE(read.matches_any(v("1.5.0-rc.1")));
    EXPECT_TRUE(parse_requirement("*", {})->matches_any(v("1.5.0-rc.1")));
    EXPECT_TRUE(parse_requirement("*", {})->is_any());
    EXPECT_TRUE(requirement{}.matches(v("1.0.0")));
}

TEST(requirement, that_nothing_meets_is_refused_and_what_something_meets_is_not) {
    for (const auto text :
         {">=2, <1", "=1.0.0, =1.0.1", "^1, ^2", ">1.2.3, <1.2.4", "<0.0.0-a, >0.0.0-a", "~1.2, ~1.3"})
        EXPECT_FALSE(parse_requirement(text, {})) << text;
    for (const auto text : {">=1, <=1", ">1.0.0-a, <1.0.0-b", ">1.2.3, <1.2.5", "^1.2, ~1.2.3", "<=0", ">1.2, <1.4"})
        EXPECT_TRUE(parse_requirement(text, {})) << text;
}

} // namespace
} // namespace uk::registry
