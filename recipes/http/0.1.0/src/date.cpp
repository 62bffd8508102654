#include <uk/http/date.hpp>

#include <chrono>
#include <cstring>

namespace uk::http {

void write_date(wall_time when, std::span<char, 29> out) {
    using namespace std::chrono;
    const auto day = floor<days>(when);
    const year_month_day date{sys_days{day.time_since_epoch()}};
    const auto second = static_cast<unsigned>(floor<seconds>(when - day).count());
    const unsigned weekday = std::chrono::weekday{sys_days{day.time_since_epoch()}}.c_encoding();
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    char* at = out.data();
    const auto text = [&](const char* from, std::size_t size) {
        std::memcpy(at, from, size);
        at += size;
    };
    const auto two = [&](unsigned number) {
        *at++ = static_cast<char>('0' + number / 10);
        *at++ = static_cast<char>('0' + number % 10);
    };
    text("SunMonTueWedThuFriSat" + 3 * weekday, 3);
    text(", ", 2);
    two(static_cast<unsigned>(date.day()));
    *at++ = ' ';
    text("JanFebMarAprMayJunJulAugSepOctNovDec" + 3 * (static_cast<unsigned>(date.month()) - 1), 3);
    *at++ = ' ';
    two(year / 100);
    two(year % 100);
    *at++ = ' ';
    two(second / 3600);
    *at++ = ':';
    two(second / 60 % 60);
    *at++ = ':';
    two(second % 60);
    text(" GMT", 4);
}

} // namespace uk::http
