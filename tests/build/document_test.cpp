#include "build/document.hpp"

#include <array>

#include <gtest/gtest.h>

namespace uk::build {

namespace {

const base::sha256 first = base::digest_of("first").hash, second = base::digest_of("second").hash;

TEST(document, has_hashes_where_gaps_were) {
    const document cut_up = cut("a " + gap_for(1).hex() + " b " + gap_for(0).hex() + gap_for(1).hex());
    EXPECT_EQ(cut_up.gaps, (std::vector<document::gap>{{2, 1}, {69, 0}, {133, 1}}));
    EXPECT_EQ(fill(cut_up, std::array{first, second}), "a " + second.hex() + " b " + first.hex() + second.hex());
    EXPECT_EQ(fill(cut("no gap"), {}), "no gap");
}

TEST(document, has_its_own_hash_of_the_text_with_zeros_there) {
    const document cut_up = cut("name-" + gap_for(own_hash).hex() + " of " + gap_for(0).hex());
    const std::string without = "name-" + std::string(64, '0') + " of " + first.hex();
    EXPECT_EQ(fill(cut_up, std::array{first}), "name-" + base::digest_of(without).hash.hex() + " of " + first.hex());
    EXPECT_NE(fill(cut_up, std::array{first}), fill(cut_up, std::array{second}));
}

} // namespace

} // namespace uk::build
