// The images' memcmp beside the host's.
#include <cstring>
#include <random>

#include <gtest/gtest.h>

extern "C" int uk_memcmp(const void*, const void*, std::size_t);

namespace {

int sign(int n) { return (n > 0) - (n < 0); }

TEST(Memcmp, SaysWhatTheHostsSays) {
    std::mt19937 chance{1};
    char a[64], b[64];
    for (int i = 0; i < 200'000; ++i) {
        const std::size_t size = chance() % 40, at = chance() % 8, other = chance() % 8;
        for (std::size_t j = 0; j < size; ++j) a[at + j] = b[other + j] = static_cast<char>(chance());
        for (auto changes = chance() % 3; size > 0 && changes > 0; --changes)
            b[other + chance() % size] = static_cast<char>(chance());
        ASSERT_EQ(sign(uk_memcmp(a + at, b + other, size)), sign(std::memcmp(a + at, b + other, size)));
    }
}

} // namespace
