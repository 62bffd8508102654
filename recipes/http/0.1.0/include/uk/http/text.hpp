// What HTTP's texts are made of: kinds of characters, numbers, lists, percent-encoding. Nothing allocates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace uk::http {

namespace detail {

inline constexpr unsigned char token_character = 1, value_character = 2, target_character = 4, name_character = 8;

/// For each byte what it may be part of: tokens (RFC 9110, 5.6.2), field values (5.5), request targets as clients really send
/// them (visible ASCII without `#`), and names of hosts with a port (RFC 3986, 3.2.2).
extern const std::array<unsigned char, 256> characters;

inline bool is(char c, unsigned char kind) { return characters[static_cast<unsigned char>(c)] & kind; }

} // namespace detail

/// Whether two texts are the same but for the case of ASCII letters.
bool same_text(std::string_view a, std::string_view b);

/// A number of digits only, that fits; none if the text is anything else (no sign, no spaces).
std::optional<std::uint64_t> read_number(std::string_view text, unsigned base = 10);

/// Writes a number; returns the part of `out` that was used.
std::string_view write_number(std::uint64_t number, std::span<char, 20> out, unsigned base = 10);

/// Takes the next element off a list with commas (RFC 9110, 5.6.1), without spaces around; empty ones are skipped.
/// Commas in quotes don't count. An empty element: the list is at its end.
std::string_view next_element(std::string_view& list);

/// Decodes a target's path in place: percent-encoding, then `.` and `..` (RFC 3986, 5.2.4: never above the root). Returns what
/// is left, which begins with `/`; none if an escape is broken or stands for a control character.
std::optional<std::string_view> decode_path(std::span<char> path);

/// Decodes one value of a query or form (`+` is a space) into `out`; none if it doesn't fit or an escape is broken.
std::optional<std::string_view> decode_value(std::string_view text, std::span<char> out);

/// The raw value of `name` in a query such as `a=1&b=2`; none if it isn't there.
std::optional<std::string_view> find_parameter(std::string_view query, std::string_view name);

} // namespace uk::http
