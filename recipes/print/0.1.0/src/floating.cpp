// Floating point through the C library: without a precision as few digits as give the same number back.
#include <cstdio>
#include <cstdlib>

#include <uk/print/argument.hpp>

namespace uk::printing {

void write_double(output& out, const field& how, const void* value) {
    const double number = *static_cast<const double*>(value);
    char text[512]; // the longest double in %f has 309 digits, and at most 99 behind the point
    const char type = how.type ? how.type : 'g';
    char pattern[] = "%.*g";
    pattern[3] = type;
    int size = 0;
    if (how.precision >= 0 || how.type) {
        if (!how.type) pattern[3] = 'f';
        size = std::snprintf(text, sizeof text, pattern, how.precision >= 0 ? how.precision : 6, number);
    } else {
        for (const int digits : {15, 16, 17}) { // 17 significant digits tell any two doubles apart
            size = std::snprintf(text, sizeof text, pattern, digits, number);
            if (std::strtod(text, nullptr) == number) break;
        }
    }
    std::string_view written{text, static_cast<std::size_t>(size)};
    if (how.zeros && !how.align) {
        field zeros = how;
        zeros.fill = '0';
        if (written.starts_with('-')) {
            out.put("-");
            written.remove_prefix(1);
            if (zeros.width > 0) --zeros.width;
        }
        return out.put_padded(zeros, written, '>');
    }
    out.put_padded(how, written, '>');
}

} // namespace uk::printing
