// The ChaCha20 block function (RFC 8439, section 2.3), and nothing else of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace uk::csprng {

using chacha20_key = std::array<std::uint32_t, 8>;   ///< little-endian words
using chacha20_nonce = std::array<std::uint32_t, 3>; ///< little-endian words

/// Writes the 64 bytes of key stream for one block counter.
void chacha20_block(const chacha20_key& key, std::uint32_t counter, const chacha20_nonce& nonce,
                    std::span<std::byte, 64> out);

} // namespace uk::csprng
