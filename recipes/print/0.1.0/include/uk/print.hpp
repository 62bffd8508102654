// Formatted text to any console: `uk::print(console, "{} took {}\n", name, time)`.
//
// A field is `{}` or `{:[[fill]align][#][0][width][.precision][type]}`, with align `<`, `>` or `^`, and type `x`, `X`, `b` or
// `o` for integers, `f`, `e` or `g` for floating point; `{{` and `}}` are the braces themselves. The format is checked when
// compiling. Nothing allocates; text goes out in pieces of at most 256 bytes.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>

#include <uk/console/console.hpp>
#include <uk/print/argument.hpp>
#include <uk/print/format_string.hpp>
#include <uk/print/output.hpp>
#include <uk/result.hpp>

namespace uk {

/// Writes the text to a console. Errors: the console's.
template <console::Console Console, class... Arguments>
result<void> print(Console& to, printing::format_string<std::type_identity_t<Arguments>...> format,
                   const Arguments&... arguments) {
    const auto write = [&to](std::string_view piece) -> result<void> { return to.write(piece); };
    printing::output out{write};
    printing::format(out, format.text(), {printing::argument{arguments}...});
    return out.finish();
}

/// Writes the text into `place` and returns what is there; cuts what doesn't fit.
template <class... Arguments>
std::string_view print_to(std::span<char> place, printing::format_string<std::type_identity_t<Arguments>...> format,
                          const Arguments&... arguments) {
    std::size_t size = 0;
    const auto write = [&](std::string_view piece) -> result<void> {
        for (const char c : piece)
            if (size < place.size()) place[size++] = c;
        return {};
    };
    printing::output out{write};
    printing::format(out, format.text(), {printing::argument{arguments}...});
    (void)out.finish().has_value();
    return {place.data(), size};
}

} // namespace uk
