// A format that has been checked against the types of its values. A mistake is an error when compiling: the compiler names
// the function whose name says what is wrong.
#pragma once

#include <initializer_list>
#include <string_view>

#include <uk/print/argument.hpp>
#include <uk/print/field.hpp>

namespace uk::printing {

// Never defined: calling one makes a format not constant.
void format_has_a_lonely_brace();
void format_has_a_field_that_is_not_understood();
void format_has_more_fields_than_values();
void format_has_fewer_fields_than_values();
void format_has_a_field_that_does_not_fit_its_value();

template <class... Arguments>
class format_string {
  public:
    template <std::convertible_to<std::string_view> Text>
    consteval format_string(const Text& text) : text_{text} {
        constexpr kind kinds[] = {kind_of<std::remove_cvref_t<Arguments>>()..., kind::other};
        std::size_t used = 0;
        for (std::string_view rest = text_; !rest.empty();) {
            const char c = rest[0];
            rest.remove_prefix(1);
            if (c != '{' && c != '}') continue;
            if (detail::take(rest, c)) continue;
            if (c == '}') format_has_a_lonely_brace();
            field how;
            const field_error problem = read_field(rest, how);
            if (problem == field_error::unfinished) format_has_a_lonely_brace();
            if (problem != field_error::none) format_has_a_field_that_is_not_understood();
            if (used == sizeof...(Arguments)) format_has_more_fields_than_values();
            if (!fits(how, kinds[used++])) format_has_a_field_that_does_not_fit_its_value();
        }
        if (used != sizeof...(Arguments)) format_has_fewer_fields_than_values();
    }

    std::string_view text() const { return text_; }

  private:
    std::string_view text_;
};

/// Puts a checked format with its values into `out`.
void format(output& out, std::string_view text, std::initializer_list<argument> arguments);

} // namespace uk::printing
