// A line of text put together without memory or formatting library: for panics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace uk::x86_64 {

class line {
  public:
    [[gnu::cold, gnu::noinline, gnu::noclone]] line& add(std::string_view text) {
        for (const char c : text)
            if (length_ < sizeof text_) text_[length_++] = c;
        return *this;
    }

    [[gnu::cold, gnu::noinline, gnu::noclone]] line& hex(std::uint64_t value) {
        add("0x");
        for (int shift = 60; shift >= 0; shift -= 4) add({&"0123456789abcdef"[value >> shift & 15], 1});
        return *this;
    }

    [[gnu::cold, gnu::noinline, gnu::noclone]] line& number(std::uint64_t value) {
        char digits[20];
        std::size_t at = sizeof digits;
        do digits[--at] = static_cast<char>('0' + value % 10);
        while (value /= 10);
        return add({digits + at, sizeof digits - at});
    }

    std::string_view view() const { return {text_, length_}; }

  private:
    char text_[160];
    std::size_t length_ = 0;
};

} // namespace uk::x86_64
