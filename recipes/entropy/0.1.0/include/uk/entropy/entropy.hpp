// signature entropy 0.1: unpredictable bytes, fit for keys and nonces.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include <uk/result.hpp>

namespace uk::entropy {

/// A cryptographically secure source. An implementation without a true source fails in `open`, never here with weak bytes.
template <class E>
concept Entropy = requires(E& source, std::span<std::byte> out) {
    /// Fills all of `out`. Errors: io when the source breaks; `out` is then undefined and must not be used.
    { source.fill(out) } -> std::same_as<result<void>>;
};

} // namespace uk::entropy
