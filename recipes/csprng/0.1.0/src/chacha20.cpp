#include <uk/csprng/chacha20.hpp>

#include <bit>

namespace uk::csprng {
namespace {

using words = std::array<std::uint32_t, 16>;

void quarter_round(words& w, int a, int b, int c, int d) {
    w[a] += w[b], w[d] = std::rotl(w[d] ^ w[a], 16);
    w[c] += w[d], w[b] = std::rotl(w[b] ^ w[c], 12);
    w[a] += w[b], w[d] = std::rotl(w[d] ^ w[a], 8);
    w[c] += w[d], w[b] = std::rotl(w[b] ^ w[c], 7);
}

} // namespace

void chacha20_block(const chacha20_key& key, std::uint32_t counter, const chacha20_nonce& nonce,
                    std::span<std::byte, 64> out) {
    // "expand 32-byte k"
    words start{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (int i = 0; i < 8; ++i) start[4 + i] = key[i];
    start[12] = counter;
    for (int i = 0; i < 3; ++i) start[13 + i] = nonce[i];

    words w = start;
    for (int round = 0; round < 20; round += 2) {
        for (int i = 0; i < 4; ++i) quarter_round(w, i, i + 4, i + 8, i + 12);
        for (int i = 0; i < 4; ++i) quarter_round(w, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (int i = 0; i < 16; ++i) {
        const std::uint32_t word = w[i] + start[i];
        for (int byte = 0; byte < 4; ++byte) out[4 * i + byte] = static_cast<std::byte>(word >> 8 * byte);
    }
}

} // namespace uk::csprng
