// The block function against RFC 8439, and what the generator promises around it.
#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include <uk/csprng/chacha20.hpp>
#include <uk/csprng/generator.hpp>
#include <uk/platform.hpp>

namespace {

/// What the platform's entropy says next.
struct {
    bool works = true;
    unsigned char next = 1;
    int asked = 0;
} machine;

} // namespace

uk::result<void> uk::platform::entropy(std::span<std::byte> out) {
    ++machine.asked;
    if (!machine.works) return error::unsupported;
    for (std::byte& b : out) b = static_cast<std::byte>(machine.next++);
    return {};
}

namespace {

using uk::csprng::generator;

struct csprng : testing::Test {
    csprng() { machine = {}; }
};

std::vector<std::byte> drawn(generator& from, std::size_t size) {
    std::vector<std::byte> out(size);
    EXPECT_TRUE(from.fill(out));
    return out;
}

TEST_F(csprng, block_function_as_in_rfc_8439_section_2_3_2) {
    uk::csprng::chacha20_key key;
    for (std::uint32_t i = 0; i < 8; ++i) key[i] = 0x03020100 + i * 0x04040404;
    std::array<std::byte, 64> out;
    uk::csprng::chacha20_block(key, 1, {0x09000000, 0x4a000000, 0x00000000}, out);
    constexpr unsigned char expected[64] = {
        0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd, 0x1f, 0xa3, 0x20, 0x71, 0xc4,
        0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0, 0x68, 0x03, 0x04, 0x22, 0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e,
        0xd2, 0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa, 0x09, 0x14, 0xc2, 0xd7, 0x05, 0xd9, 0x8b, 0x02, 0xa2,
        0xb5, 0x12, 0x9c, 0xd1, 0xde, 0x16, 0x4e, 0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e};
    for (int i = 0; i < 64; ++i) EXPECT_EQ(static_cast<unsigned char>(out[i]), expected[i]) << "byte " << i;
}

TEST_F(csprng, the_block_function_of_zeroes_as_in_rfc_8439_appendix_a_1) {
    std::array<std::byte, 64> out;
    uk::csprng::chacha20_block({}, 0, {}, out);
    constexpr unsigned char expected[8] = {0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90};
    for (int i = 0; i < 8; ++i) EXPECT_EQ(static_cast<unsigned char>(out[i]), expected[i]) << "byte " << i;
}

TEST_F(csprng, without_a_source_it_does_not_open) {
    machine.works = false;
    generator g;
    const auto opened = g.open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), uk::error::unsupported);
    std::array<std::byte, 4> out;
    EXPECT_EQ(g.fill(out).error(), uk::error::closed);
}

TEST_F(csprng, closed_gives_nothing) {
    generator g;
    ASSERT_TRUE(g.open());
    g.close();
    std::array<std::byte, 4> out;
    EXPECT_EQ(g.fill(out).error(), uk::error::closed);
}

TEST_F(csprng, every_size_is_filled_and_nothing_more) {
    generator g;
    ASSERT_TRUE(g.open());
    for (std::size_t size = 0; size < 300; ++size) {
        std::vector<std::byte> out(size + 2, std::byte{0xaa});
        ASSERT_TRUE(g.fill(std::span{out}.subspan(1, size)));
        EXPECT_EQ(out.front(), std::byte{0xaa});
        EXPECT_EQ(out.back(), std::byte{0xaa});
        // 32 bytes in a row that stayed as they were: not by chance.
        std::size_t untouched = 0, longest = 0;
        for (const std::byte b : std::span{out}.subspan(1, size)) {
            untouched = b == std::byte{0xaa} ? untouched + 1 : 0;
            longest = std::max(longest, untouched);
        }
        EXPECT_LT(longest, 5u) << size;
    }
}

TEST_F(csprng, the_key_does_not_survive_what_it_made) {
    generator g;
    ASSERT_TRUE(g.open());
    std::array<unsigned char, sizeof(generator)> before, after;
    std::memcpy(before.data(), static_cast<void*>(&g), sizeof g);
    const auto given = drawn(g, 100);
    std::memcpy(after.data(), static_cast<void*>(&g), sizeof g);
    EXPECT_NE(std::memcmp(before.data(), after.data(), 32), 0) << "the key is another one";
    EXPECT_EQ(std::search(given.begin(), given.end(), reinterpret_cast<std::byte*>(after.data()),
                          reinterpret_cast<std::byte*>(after.data()) + 16),
              given.end())
        << "the next key was not given away";
}

TEST_F(csprng, two_seeds_two_streams) {
    generator a, b;
    ASSERT_TRUE(a.open());
    ASSERT_TRUE(b.open());
    EXPECT_NE(drawn(a, 64), drawn(b, 64));
}

TEST_F(csprng, large_amounts_are_reseeded_and_a_broken_source_is_said) {
    generator g;
    ASSERT_TRUE(g.open());
    EXPECT_EQ(machine.asked, 1);
    drawn(g, (1 << 20) + 1);
    EXPECT_EQ(machine.asked, 2);
    machine.works = false;
    std::vector<std::byte> out(1 << 21);
    const auto filled = g.fill(out);
    ASSERT_FALSE(filled);
    EXPECT_EQ(filled.error(), uk::error::io);
}

} // namespace
