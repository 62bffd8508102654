// Which memory is ours, from maps as loaders leave them.
#include <vector>

#include <gtest/gtest.h>

#include <memory/ram.hpp>

using uk::memory::largest_free;
using uk::memory::range;

namespace {

constexpr std::uint64_t kib = 1024, mib = 1024 * kib;

range largest(std::vector<range> ram, std::vector<range> taken) { return largest_free(ram, taken); }

} // namespace

TEST(ram, behind_the_image_on_qemu) {
    // q35 with -m 32 as QEMU 7.2 says it: all the loader left is low.
    EXPECT_EQ(largest({{0, 0x9fc00}, {1 * mib, 0x1fe0000}}, {{0, 0x119000}, {0x21e0, 0x2220}, {0x5a8, 0x680}}),
              (range{0x119000, 0x1fe0000}));
}

TEST(ram, around_what_the_loader_put_behind_the_image) {
    // As Xen does it: start_info on the page behind the image.
    EXPECT_EQ(largest({{0, 16 * mib}}, {{0, 0x119000}, {0x119000, 0x119078}}), (range{0x11a000, 16 * mib}));
}

TEST(ram, below_a_module_at_the_end) {
    EXPECT_EQ(largest({{1 * mib, 32 * mib}}, {{0, 2 * mib}, {30 * mib, 31 * mib}}), (range{2 * mib, 30 * mib}));
}

TEST(ram, above_4_gib_if_there_is_more) {
    EXPECT_EQ(largest({{1 * mib, 2048 * mib}, {4096 * mib, 10240 * mib}}, {{0, 2 * mib}}),
              (range{4096 * mib, 10240 * mib}));
}

TEST(ram, only_whole_pages) {
    EXPECT_EQ(largest({{4097, 20000}}, {}), (range{8192, 16384}));
    EXPECT_EQ(largest({{4097, 8191}}, {}).size(), 0u);
    EXPECT_EQ(largest({{0, 5 * 4096}}, {{0, 1}, {4 * 4096 + 1, 5 * 4096}}), (range{4096, 4 * 4096}));
}

TEST(ram, nothing_when_all_is_taken_or_there_is_none) {
    EXPECT_EQ(largest({}, {}).size(), 0u);
    EXPECT_EQ(largest({{1 * mib, 2 * mib}}, {{0, 4 * mib}}).size(), 0u);
    EXPECT_EQ(largest({{~0ull - 100, ~0ull}}, {}).size(), 0u);
}

TEST(ram, an_empty_taken_range_cuts_nothing) {
    EXPECT_EQ(largest({{1 * mib, 2 * mib}}, {{1 * mib + 4096, 1 * mib + 4096}, {0, 0}}), (range{1 * mib, 2 * mib}));
}

TEST(ram, never_gives_what_is_taken) {
    // Every way to take two of eight pages.
    constexpr std::uint64_t page = 4096;
    for (std::uint64_t a = 0; a < 8; ++a)
        for (std::uint64_t b = 0; b < 8; ++b) {
            const range free =
                largest({{page, 9 * page}}, {{(1 + a) * page, (2 + a) * page}, {(1 + b) * page, (2 + b) * page}});
            EXPECT_GE(free.size(), 2 * page) << a << " " << b;
            for (const std::uint64_t t : {a, b})
                EXPECT_FALSE(free.begin < (2 + t) * page && (1 + t) * page < free.end) << a << " " << b;
        }
}
