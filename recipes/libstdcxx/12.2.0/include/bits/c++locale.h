// Locales as libstdc++ sees them: only "C", so a conversion is the C library's own.
#pragma once
#pragma GCC system_header

#include <clocale>
#include <cstddef>

#define _GLIBCXX_NUM_CATEGORIES 0

namespace std {

typedef int* __c_locale;

inline int __convert_from_v(const __c_locale&, char* out, const int size, const char* format, ...) {
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    const int written = __builtin_vsnprintf(out, static_cast<std::size_t>(size), format, arguments);
    __builtin_va_end(arguments);
    return written;
}

} // namespace std
