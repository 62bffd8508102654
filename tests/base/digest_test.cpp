#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/file.hpp"

namespace uk::base {
namespace {

// The examples of FIPS 180-4's companion (NIST, "SHA-256", csrc.nist.gov/projects/cryptographic-standards-and-guidelines).
TEST(digest, of_nists_examples) {
    EXPECT_EQ(digest_of("").hash.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(digest_of("abc").hash.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hash.hex(),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(digest_of("abc").size, 3);
}

TEST(digest, in_pieces_is_the_same) {
    hasher pieces;
    pieces.update("a");
    pieces.update("");
    pieces.update("bc");
    EXPECT_EQ(pieces.finish(), digest_of("abc"));
}

TEST(digest, of_a_file) {
    const auto scratch = scratch_folder::make(std::filesystem::temp_directory_path());
    ASSERT_TRUE(scratch);
    const std::string content(1'000'000, 'a');
    ASSERT_TRUE(write_file(scratch->path() / "a", content));
    // NIST's third example: a million times `a`.
    EXPECT_EQ(digest_of_file(scratch->path() / "a")->hash.hex(),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    const auto missing = digest_of_file(scratch->path() / "b");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind(), status::environment);
}

TEST(digest, reads_its_own_text_only) {
    const auto hash = digest_of("abc").hash;
    EXPECT_EQ(sha256::from_hex(hash.hex()), hash);
    EXPECT_FALSE(sha256::from_hex(hash.hex().substr(1)));
    EXPECT_FALSE(sha256::from_hex(hash.hex() + "0"));
    auto upper = hash.hex();
    upper[0] = 'B';
    EXPECT_FALSE(sha256::from_hex(upper));
}

} // namespace
} // namespace uk::base
