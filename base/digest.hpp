// SHA-256 digests (FIPS 180-4): what names every blob, tree and action.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace uk::base {

/// 32 bytes. Ordered as bytes.
struct sha256 {
    std::array<std::uint8_t, 32> bytes{};

    std::string hex() const; ///< 64 lower-case digits
    static std::optional<sha256> from_hex(std::string_view digits);
    friend auto operator<=>(const sha256&, const sha256&) = default;
};

/// REAPI's Digest: hash and size in bytes of a blob.
struct digest {
    sha256 hash;
    std::int64_t size = 0;
    friend auto operator<=>(const digest&, const digest&) = default;
};

/// Hashes in pieces.
class hasher {
  public:
    hasher();
    ~hasher();
    hasher(hasher&&) noexcept;
    hasher& operator=(hasher&&) noexcept;
    void update(std::span<const std::byte> data);
    void update(std::string_view data);
    /// May be called once.
    digest finish();

  private:
    struct state;
    std::unique_ptr<state> state_;
};

digest digest_of(std::string_view data);
/// Errors: environment, when the file can't be read.
result<digest> digest_of_file(const std::filesystem::path& file);

} // namespace uk::base

template <>
struct std::hash<uk::base::sha256> {
    std::size_t operator()(const uk::base::sha256& h) const noexcept {
        std::size_t r;
        __builtin_memcpy(&r, h.bytes.data(), sizeof r);
        return r;
    }
};
