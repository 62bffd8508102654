// One `{…}` of a format: what stands in it. The same reading is done when compiling, to check, and when running.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace uk::printing {

/// What a value is, as far as a format must know.
enum class kind : std::uint8_t { integer, floating, text, character, truth, other };

struct field {
    char fill = ' ';
    char align = 0; ///< `<`, `>`, `^`; 0: the value's own
    bool prefix = false; ///< `#`: 0x, 0b, 0
    bool zeros = false;
    std::uint8_t width = 0;
    std::int8_t precision = -1;
    char type = 0;
};

/// Why a field can't be read; none if it can.
enum class field_error : std::uint8_t { none, unfinished, not_understood, number_too_large };

namespace detail {

constexpr bool is_align(char c) { return c == '<' || c == '>' || c == '^'; }

/// Digits at the front of `text`, at most 99; -1 if there are none, 100 if it is more.
constexpr int take_number(std::string_view& text) {
    int number = -1;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
        number = (number < 0 ? 0 : number) * 10 + (text[0] - '0');
        if (number > 99) number = 100;
        text.remove_prefix(1);
    }
    return number;
}

constexpr bool take(std::string_view& text, char c) {
    if (text.empty() || text[0] != c) return false;
    text.remove_prefix(1);
    return true;
}

} // namespace detail

/// Reads the field whose `{` was just taken off `rest`, up to and with its `}`.
constexpr field_error read_field(std::string_view& rest, field& out) {
    if (detail::take(rest, ':')) {
        if (rest.size() > 1 && detail::is_align(rest[1])) {
            out.fill = rest[0];
            out.align = rest[1];
            rest.remove_prefix(2);
        } else if (!rest.empty() && detail::is_align(rest[0])) {
            out.align = rest[0];
            rest.remove_prefix(1);
        }
        out.prefix = detail::take(rest, '#');
        out.zeros = detail::take(rest, '0');
        const int width = detail::take_number(rest);
        if (width == 100) return field_error::number_too_large;
        if (width > 0) out.width = static_cast<std::uint8_t>(width);
        if (detail::take(rest, '.')) {
            const int precision = detail::take_number(rest);
            if (precision == 100) return field_error::number_too_large;
            if (precision < 0) return field_error::not_understood;
            out.precision = static_cast<std::int8_t>(precision);
        }
        if (!rest.empty() && rest[0] != '}') {
            out.type = rest[0];
            rest.remove_prefix(1);
        }
    }
    if (rest.empty()) return field_error::unfinished;
    return detail::take(rest, '}') ? field_error::none : field_error::not_understood;
}

/// Whether a field makes sense for a kind of value.
constexpr bool fits(const field& how, kind what) {
    const bool number = what == kind::integer || what == kind::floating;
    if ((how.zeros || how.prefix) && !number) return false;
    if (how.precision >= 0 && what != kind::floating && what != kind::text) return false;
    switch (how.type) {
    case 0: return true;
    case 'x':
    case 'X':
    case 'b':
    case 'o': return what == kind::integer;
    case 'f':
    case 'e':
    case 'g': return what == kind::floating;
    default: return false;
    }
}

} // namespace uk::printing
