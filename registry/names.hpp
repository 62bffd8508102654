// What names, paths and whole numbers look like in our files: small checks that every reader shares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uk::registry {

/// A component's name: lower-case letters, digits, `-`, `.`, `_`, `+`; begins with a letter or digit; at most 64.
bool is_name(std::string_view text);
/// A label, option, setting, parameter or instance: a name without a dot.
bool is_label(std::string_view text);
/// What is wrong with it, for a message: "" if nothing.
std::string name_problem(std::string_view text, bool with_dots);

/// A relative path with `/` that stays inside: no `..`, no empty part, no control character or backslash; without `./` in
/// front and `/` at the end. None if it isn't one.
std::optional<std::string> normal_path(std::string_view text);

/// `uk::net::stack`: identifiers of C++ joined by `::`.
bool is_qualified_identifier(std::string_view text);
/// `NAME_1`: an identifier of C.
bool is_identifier(std::string_view text);
/// `uk/net/stack.hpp`: safe between `<` and `>`.
bool is_header(std::string_view text);

/// Decimal or `0x…`, no leading zero, a `-` in front; sets `out_of_range` when it is a number beyond 64 bits.
std::optional<std::int64_t> parse_integer(std::string_view text, bool& out_of_range);

} // namespace uk::registry
