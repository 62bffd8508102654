// What an outsider must not foretell: first sequence numbers (RFC 6528), ports (RFC 6056), identifiers.
#include "inside.hpp"

#include <iterator>

#include <uk/platform.hpp>

namespace uk::inet {
namespace {

u64 key[2]; // of siphash
u32 drawn[16];
unsigned left = 0;

/// SipHash-2-4 (Aumasson and Bernstein, 2012) of whole words; their count stands for the length.
u64 siphash(std::span<const u64> words) {
    u64 v0 = key[0] ^ 0x736f6d6570736575, v1 = key[1] ^ 0x646f72616e646f6d;
    u64 v2 = key[0] ^ 0x6c7967656e657261, v3 = key[1] ^ 0x7465646279746573;
    for (std::size_t i = 0; i < words.size() + 2; ++i) {
        const bool last = i == words.size() + 1;
        const u64 word = i < words.size() ? words[i] : last ? 0 : u64{words.size()} << 59;
        if (last) v2 ^= 0xff;
        v3 ^= word;
        for (int round = last ? 4 : 2; round > 0; --round) {
            v0 += v1, v1 = std::rotl(v1, 13) ^ v0, v0 = std::rotl(v0, 32);
            v2 += v3, v3 = std::rotl(v3, 16) ^ v2;
            v0 += v3, v3 = std::rotl(v3, 21) ^ v0;
            v2 += v1, v1 = std::rotl(v1, 17) ^ v2, v2 = std::rotl(v2, 32);
        }
        v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
}

} // namespace

u64 table_secret;

result<void> seed() {
    if (!the_card->random(the_card->self, std::as_writable_bytes(std::span{key}))) return error::io;
    table_secret = u64{draw()} << 32 | draw() | 1;
    return {};
}

u32 draw() {
    if (left == 0) {
        // A source that breaks later leaves the secret and the clock.
        if (!the_card->random(the_card->self, std::as_writable_bytes(std::span{drawn}))) {
            for (u32& word : drawn) {
                const u64 words[] = {static_cast<u64>(platform::now().time_since_epoch().count()), word};
                word = static_cast<u32>(siphash(words));
            }
        }
        left = std::size(drawn);
    }
    return drawn[--left];
}

u16 draw_port() {
    constexpr u16 first = 49152;
    return static_cast<u16>(first + draw() % (0x10000 - first));
}

u64 secret_of(const address& local, const address& remote, u32 ports, u64 more) {
    const u64 words[] = {local.high, local.low, remote.high, remote.low, ports, more};
    return siphash(words);
}

} // namespace uk::inet
