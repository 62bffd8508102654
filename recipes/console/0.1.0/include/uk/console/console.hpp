// signature console 0.1: text in and out, to the person or the log at the other end.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include <uk/result.hpp>

namespace uk::console {

/// Bytes, usually UTF-8 text. One fiber may read while others write; a write is not torn apart by another.
template <class C>
concept Console = requires(C& console, std::string_view text, std::span<std::byte> in) {
    /// Writes all of `text`; blocks while the other end is slow. Errors: cancelled, timed_out (a part may have gone out), io.
    { console.write(text) } -> std::same_as<result<void>>;
    /// Blocks until something was typed; returns 1 to in.size() bytes, or 0 when no more input will ever come.
    /// Errors: cancelled, timed_out (nothing is lost), io.
    { console.read(in) } -> std::same_as<result<std::size_t>>;
};

} // namespace uk::console
