// The conformance suite of libc: a walk through what images use, against values that the C standard gives.
#pragma once

#include <cerrno>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <cwchar>

#include <uk/conformance.hpp>

namespace uk::libc {

inline void conformance(conformance_report& report) {
    char text[128];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-security"
    const auto prints = [&](const char* what, const char* expected, const char* format, auto... values) {
        std::snprintf(text, sizeof text, format, values...);
        report.check(what, std::strcmp(text, expected) == 0);
    };
#pragma GCC diagnostic pop
    prints("printf: integers", "-42 ff 0755 +7 00012", "%d %x %#o %+d %05ld", -42, 255, 0755, 7, 12L);
    prints("printf: width, precision, text", "[   ab][ab   ][abc]", "[%5s][%-5s][%.3s]", "ab", "ab", "abcdef");
    prints("printf: doubles", "3.14 1e+100 0.1 inf", "%.2f %g %g %f", 3.14159, 1e100, 0.1, HUGE_VAL);
    prints("printf: size_t and 64 bits", "18446744073709551615 -9223372036854775808", "%zu %lld",
           static_cast<std::size_t>(-1), static_cast<long long>(1ULL << 63));
    prints("printf: hexadecimal double", "0x1.8p+1", "%a", 3.0);
    const std::size_t volatile length = 4;
    report.check("snprintf: says what it needs, cuts and ends",
                 std::snprintf(text, length, "%s", "abcdefgh") == 8 && std::strcmp(text, "abc") == 0);

    int number = 0;
    double real = 0;
    char word[8] = {};
    report.check("sscanf", std::sscanf(" 12 abc 2.5e3", "%d %7s %lf", &number, word, &real) == 3 && number == 12 &&
                               std::strcmp(word, "abc") == 0 && real == 2500);
    char* end = nullptr;
    report.check("strtol: base 16, and where it ends", std::strtol("0x1fz", &end, 0) == 31 && *end == 'z');
    errno = 0;
    report.check("strtol: overflow is ERANGE", std::strtol("99999999999999999999", nullptr, 10) > 0 && errno == ERANGE);
    report.check("strtod: rounds to the nearest", std::strtod("0.1", nullptr) == 0.1);

    char overlap[] = "abcdefgh";
    std::memmove(overlap + 2, overlap, 6);
    report.check("memmove: overlapping", std::strcmp(overlap, "ababcdef") == 0);
    const char* volatile hay = "a needle"; // volatile: so that the library answers, not the compiler
    const char* volatile needle = "need";
    report.check("strlen and strcmp",
                 std::strlen(hay) == 8 && std::strcmp(hay, needle) < 0 && std::strncmp(hay, "a n", 3) == 0);
    report.check("strchr, strrchr and strstr", std::strchr(hay, 'e') == hay + 3 && std::strrchr(hay, 'e') == hay + 7 &&
                                                   std::strstr(hay, needle) == hay + 2 &&
                                                   std::strstr(hay, "x") == nullptr);
    report.check("memcmp and memchr", std::memcmp(hay, needle, 1) < 0 && std::memchr(hay, 'n', 8) == hay + 2);
    report.check("strspn and strcspn", std::strspn(hay, "a ") == 2 && std::strcspn(hay, "dl") == 5);

    int numbers[100];
    for (int i = 0; i < 100; ++i) numbers[i] = (i * 37) % 100;
    const auto less = [](const void* a, const void* b) {
        return *static_cast<const int*>(a) - *static_cast<const int*>(b);
    };
    std::qsort(numbers, 100, sizeof *numbers, less);
    bool sorted = true;
    for (int i = 0; i < 100; ++i) sorted &= numbers[i] == i;
    const int key = 63;
    const auto* found = static_cast<int*>(std::bsearch(&key, numbers, 100, sizeof *numbers, less));
    report.check("qsort and bsearch", sorted && found == numbers + 63);

    const double volatile two = 2, half = 0.5;
    report.check("math: sqrt and pow agree", std::sqrt(two) == std::pow(two, half));
    report.check("math: sin, exp, log", std::fabs(std::sin(two) - 0.9092974268256817) < 1e-15 &&
                                            std::fabs(std::log(std::exp(two)) - 2) < 1e-15);
    report.check("math: rounding",
                 std::floor(-half) == -1 && std::lrint(two + half) == 2 && std::fmod(5.5, two) == 1.5);

    const std::time_t moment = 951782400; // 2000-02-29 00:00:00 UTC
    std::tm parts = {};
    gmtime_r(&moment, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %A", &parts);
    report.check("gmtime and strftime: a leap day", std::strcmp(text, "2000-02-29 00:00:00 Tuesday") == 0);
    report.check("timegm turns it back", timegm(&parts) == moment);

    wchar_t wide = 0;
    std::mbstate_t state = {};
    report.check("multibyte: UTF-8", std::mbrtowc(&wide, "\xe2\x82\xac", 3, &state) == 3 && wide == 0x20ac);
    report.check("strerror", std::strlen(std::strerror(ENOENT)) > 0);
    errno = 7;
    report.check("errno keeps its value", errno == 7);
}

} // namespace uk::libc
