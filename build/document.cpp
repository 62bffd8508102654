#include "build/document.hpp"

#include <algorithm>

namespace uk::build {

namespace {

constexpr std::string_view mark = "a hash is to be put here"; // 24 bytes; the number is in the other eight

void put(std::string& text, std::size_t at, const base::sha256& hash) {
    constexpr std::string_view digits = "0123456789abcdef";
    char* to = text.data() + at;
    for (const std::uint8_t byte : hash.bytes) {
        *to++ = digits[byte >> 4];
        *to++ = digits[byte & 0xf];
    }
}

} // namespace

base::sha256 gap_for(std::size_t number) {
    base::sha256 made;
    auto at = std::ranges::copy(mark, made.bytes.begin()).out;
    for (int shift = 56; shift >= 0; shift -= 8) *at++ = static_cast<std::uint8_t>(number >> shift);
    return made;
}

document cut(std::string text) {
    const std::string begin = gap_for(0).hex().substr(0, 2 * mark.size());
    document made;
    for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at + gap_size)) {
        const auto hash = base::sha256::from_hex(std::string_view{text}.substr(at, gap_size));
        std::size_t number = 0;
        for (std::size_t i = mark.size(); hash && i < hash->bytes.size(); ++i) number = number << 8 | hash->bytes[i];
        made.gaps.push_back({at, number});
        text.replace(at, gap_size, gap_size, gap_digit);
    }
    made.text = std::move(text);
    return made;
}

std::string fill(document what, std::span<const base::sha256> hashes) {
    bool has_own = false;
    for (const document::gap& one : what.gaps) {
        has_own = has_own || one.number == own_hash;
        if (one.number < hashes.size()) put(what.text, one.at, hashes[one.number]);
    }
    if (!has_own) return std::move(what.text);
    const base::sha256 own = base::digest_of(what.text).hash;
    for (const document::gap& one : what.gaps) {
        if (one.number == own_hash) put(what.text, one.at, own);
    }
    return std::move(what.text);
}

} // namespace uk::build
