// What entity tags are made of: sums of contents, kept for the files that are asked for most.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace uk::http::detail {

/// A 64-bit sum of contents: the same bytes have the same tag in every image.
class content_sum {
  public:
    /// `bytes` are all but at the last time a multiple of eight.
    void add(std::span<const char> bytes);
    std::uint64_t result() const;

  private:
    std::uint64_t sum_ = 0x9e3779b97f4a7c15;
    std::uint64_t size_ = 0;
};

/// The sum of a file that was found, from its name; sums are kept, as a store never changes.
class kept_sums {
  public:
    /// 0: isn't kept.
    std::uint64_t find(const void* store, std::string_view name) const;
    void keep(const void* store, std::string_view name, std::uint64_t sum);

  private:
    struct one {
        std::uint64_t key = 0, sum = 0;
    };
    static std::uint64_t key_of(const void* store, std::string_view name);
    std::array<one, 64> kept_{};
};

} // namespace uk::http::detail
