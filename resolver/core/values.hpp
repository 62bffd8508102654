// Sets of a variable's values as spans of 64-bit words: value v is bit v % 64 of word v / 64. Two sets of one variable have
// the same number of words; bits behind the last value are 0.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace uk::resolver::core {

using value = std::uint32_t;
using word = std::uint64_t;
using values = std::span<const word>;

inline constexpr std::size_t word_count(std::uint32_t size) { return (static_cast<std::size_t>(size) + 63) / 64; }

/// Owns its words. Most variables have less than 64 values: one word needs no memory of its own.
class value_set {
  public:
    value_set() = default;
    explicit value_set(std::size_t words, word all = 0) : size_{words} {
        if (size_ > 1) many_ = std::make_unique_for_overwrite<word[]>(size_);
        std::fill_n(data(), size_, all);
    }
    explicit value_set(values in) : size_{in.size()} {
        if (size_ > 1) many_ = std::make_unique_for_overwrite<word[]>(size_);
        std::copy_n(in.data(), size_, data());
    }
    value_set(const value_set& other) : value_set{values{other.data(), other.size()}} {}
    value_set(value_set&&) = default;
    value_set& operator=(value_set other) {
        size_ = other.size_;
        one_ = other.one_;
        many_ = std::move(other.many_);
        return *this;
    }

    std::size_t size() const { return size_; }
    word* data() { return size_ > 1 ? many_.get() : &one_; }
    const word* data() const { return size_ > 1 ? many_.get() : &one_; }
    word* begin() { return data(); }
    word* end() { return data() + size_; }
    const word* begin() const { return data(); }
    const word* end() const { return data() + size_; }
    word& operator[](std::size_t i) { return data()[i]; }
    word operator[](std::size_t i) const { return data()[i]; }

  private:
    std::size_t size_ = 0;
    word one_ = 0;
    std::unique_ptr<word[]> many_;
};

/// No value of a variable with `size` of them.
inline value_set no_values(std::uint32_t size) { return value_set(word_count(size)); }

/// Every value of a variable with `size` of them.
inline value_set all_values(std::uint32_t size) {
    value_set all(word_count(size), ~word{0});
    if (size % 64 != 0) all[all.size() - 1] = (word{1} << (size % 64)) - 1;
    return all;
}

inline void put(value_set& into, value v) { into[v / 64] |= word{1} << (v % 64); }
inline void take(value_set& from, value v) { from[v / 64] &= ~(word{1} << (v % 64)); }
inline bool has(values in, value v) { return (in[v / 64] >> (v % 64) & 1) != 0; }

inline value_set only(std::uint32_t size, value v) {
    value_set one = no_values(size);
    put(one, v);
    return one;
}

/// Every value that isn't in `in`.
inline value_set complement(std::uint32_t size, values in) {
    value_set rest = all_values(size);
    for (std::size_t i = 0; i < in.size(); ++i) rest[i] &= ~in[i];
    return rest;
}

inline bool is_empty(values in) {
    for (const word w : in)
        if (w != 0) return false;
    return true;
}

/// Is every value of `a` in `b`?
inline bool is_within(values a, values b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if ((a[i] & ~b[i]) != 0) return false;
    return true;
}

inline bool meets(values a, values b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if ((a[i] & b[i]) != 0) return true;
    return false;
}

/// How many bits are 1. (Without a processor's own instruction, std::popcount is a call.)
inline std::uint32_t count(word w) {
    w -= w >> 1 & 0x5555555555555555;
    w = (w & 0x3333333333333333) + (w >> 2 & 0x3333333333333333);
    return static_cast<std::uint32_t>(((w + (w >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56);
}

inline std::uint32_t count(values in) {
    std::uint32_t sum = 0;
    for (const word w : in)
        if (w != 0) sum += count(w);
    return sum;
}

/// Is it every value of a variable with `size` of them?
inline bool is_everything(values in, std::uint32_t size) {
    for (std::size_t i = 0; i + 1 < in.size(); ++i)
        if (in[i] != ~word{0}) return false;
    return in.empty() || in.back() == (size % 64 == 0 ? ~word{0} : (word{1} << (size % 64)) - 1);
}

/// The least value; the set isn't empty.
inline value first(values in) {
    for (std::size_t i = 0;; ++i)
        if (in[i] != 0) return static_cast<value>(64 * i + static_cast<std::size_t>(std::countr_zero(in[i])));
}

/// The least value behind `v`; 0: there is none.
inline value first_behind(values in, value v) {
    for (std::size_t i = v / 64; i < in.size(); ++i) {
        const word above = i == v / 64 ? in[i] & ((~word{0} << (v % 64)) << 1) : in[i];
        if (above != 0) return static_cast<value>(64 * i + static_cast<std::size_t>(std::countr_zero(above)));
    }
    return 0;
}

} // namespace uk::resolver::core
