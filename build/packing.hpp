// Values as bytes, for what only the next `uk` on this machine reads. No format for others: it may differ in each version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/digest.hpp"

namespace uk::build {

/// Byte strings one behind the other, each of which is found without reading the others.
class packed_list {
  public:
    packed_list() = default;
    /// Views `bytes`. Of what isn't such a list: an empty one.
    explicit packed_list(std::string_view bytes);

    std::size_t size() const { return ends_.size() / sizeof(end); }
    /// Empty behind the last one.
    std::string_view operator[](std::size_t index) const;

    static std::string pack(const std::vector<std::string_view>& all);

  private:
    using end = std::uint32_t;
    std::size_t end_of(std::size_t index) const;

    std::string_view ends_; // an `end` each
    std::string_view bytes_;
};

/// Gives equal texts one number, in the order of their first appearance.
class word_numbers {
  public:
    std::size_t of(std::string_view word);
    std::string pack() const { return packed_list::pack(words_); }

  private:
    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<std::string_view> words_; // keys of it
};

class packer {
  public:
    explicit packer(word_numbers& words) : words_{words} {}

    packer& number(std::uint64_t value); ///< in seven bits a byte, the lowest first
    packer& text(std::string_view value);
    packer& word(std::string_view value) { return number(words_.of(value)); } ///< of what appears again
    packer& hash(const base::sha256& value);
    template <class List, class Function>
    packer& list(const List& all, Function each) {
        number(all.size());
        for (const auto& one : all) each(one);
        return *this;
    }

    std::string bytes;

  private:
    word_numbers& words_;
};

/// The other way round. Of bytes that end too early all values are empty, and `is_broken` says so.
class unpacker {
  public:
    unpacker(std::string_view bytes, const packed_list& words) : left_{bytes}, words_{words} {}

    std::uint64_t number();
    std::string text() { return std::string{take(number())}; }
    std::string word() { return std::string{word_view()}; }
    std::string_view word_view(); ///< as long as the words live; the same place for the same word
    base::sha256 hash();
    template <class Function>
    void list(Function each) {
        for (std::uint64_t left = number(); left > 0 && !is_broken; --left) each();
    }
    bool is_done() const { return left_.empty() || is_broken; }

    bool is_broken = false;

  private:
    std::string_view take(std::uint64_t size);

    std::string_view left_;
    const packed_list& words_;
};

} // namespace uk::build
