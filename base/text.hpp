// Small text helpers: suggestions for mistyped names, escaping for terminals, sizes and durations as people write them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace uk::base {

/// The candidate that `name` was most likely meant to be (Damerau-Levenshtein distance at most a third of its length, at
/// least 1); none if nothing is near.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates);

/// "; did you mean `x`?" or "".
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

/// Control characters (and invalid UTF-8) as \xNN: safe on a terminal.
std::string printable(std::string_view text);

/// `16KiB` → 16384. Units: B (or none), KiB, MiB, GiB. None if it isn't one or is over 2^63 - 1.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string format_size(std::uint64_t bytes); ///< the largest unit that divides it
/// `250ms` → nanoseconds. Units: ns, us, ms, s, min, h; a unit is required (but for 0).
std::optional<std::int64_t> parse_duration(std::string_view text);
std::string format_duration(std::int64_t nanoseconds);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);
/// Whether a path is `folder` or below it; both as they are written.
bool lies_in(std::string_view path, std::string_view folder);

/// A name as an identifier of C++: every character that isn't a letter or digit becomes `_`.
std::string identifier(std::string_view name);

} // namespace uk::base
