// implements entropy: a ChaCha20 generator with fast key erasure. Each filling replaces the key before its bytes leave, so
// what was given out can't be computed again from the memory of a later moment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <uk/csprng/chacha20.hpp>
#include <uk/result.hpp>

namespace uk::csprng {

class generator {
  public:
    generator() = default;
    generator(const generator&) = delete;
    generator& operator=(const generator&) = delete;

    /// Draws the first key from the platform. Errors: unsupported where it has no source.
    result<void> open();
    /// Forgets the key.
    void close();

    /// Fills all of `out`. Now and then mixes in fresh bytes of the platform's. Errors: io when the source breaks; closed.
    result<void> fill(std::span<std::byte> out);

  private:
    result<void> reseed();

    chacha20_key key_{};
    bool open_ = false;
    std::uint64_t until_reseed_ = 0; // bytes
};

} // namespace uk::csprng
