// A text that says hashes of other things, and of itself, without them: so that it needn't be worked out again when they change.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace uk::build {

inline constexpr std::size_t gap_size = 64; ///< a hash in hexadecimal
inline constexpr char gap_digit = '0';

struct document {
    struct gap {
        std::size_t at; ///< place in the text
        std::size_t number; ///< of the hash that belongs there
        friend bool operator==(const gap&, const gap&) = default;
    };
    std::string text; ///< with gap_digit in the gaps
    std::vector<gap> gaps; ///< in their order in the text
};

/// What stands for a hash in a text that is to be cut. No file has it, as far as anybody knows how to make one.
base::sha256 gap_for(std::size_t number);
/// The one that is for the hash of the text itself, with all others and with gap_digit in this place.
inline constexpr std::size_t own_hash = ~std::size_t{0};

document cut(std::string text);
/// With hashes again.
std::string fill(document what, std::span<const base::sha256> hashes);

} // namespace uk::build
