#include <kvm/real_time_clock.hpp>

#include <chrono>

#include <uk/x86_64/ports.hpp>

namespace uk::kvm {
namespace {

constexpr std::uint16_t index_port = 0x70, data_port = 0x71;

enum place : std::uint8_t {
    seconds = 0,
    minutes = 2,
    hours = 4,
    day = 7,
    month = 8,
    year = 9,
    status_a = 10,
    status_b = 11
};
constexpr std::uint8_t updating = 0x80;             // status A
constexpr std::uint8_t binary = 0x04, hours_24 = 0x02; // status B
constexpr std::uint8_t afternoon = 0x80;            // in `hours` of a clock with 12

struct reading {
    std::uint8_t second, minute, hour, day, month, year;
    friend bool operator==(const reading&, const reading&) = default;
};

std::uint8_t read(place p) {
    x86_64::out8(index_port, p);
    return x86_64::in8(data_port);
}

reading read_all() {
    for (int i = 0; i < 100000 && read(status_a) & updating; ++i) {
    }
    return {read(seconds), read(minutes), read(hours), read(day), read(month), read(year)};
}

} // namespace

std::int64_t real_time_clock() {
    reading r = read_all();
    for (int i = 0; i < 10; ++i) { // twice the same: not torn by an update
        const reading again = read_all();
        if (again == r) break;
        r = again;
    }
    const std::uint8_t mode = read(status_b);
    const auto number = [&](std::uint8_t value) -> unsigned {
        return mode & binary ? value : (value >> 4) * 10u + (value & 15);
    };
    unsigned hour = number(r.hour & ~afternoon);
    if (!(mode & hours_24)) hour = hour % 12 + (r.hour & afternoon ? 12 : 0);
    else hour = number(r.hour);

    using namespace std::chrono;
    const year_month_day date{std::chrono::year{2000 + static_cast<int>(number(r.year))},
                              std::chrono::month{number(r.month)}, std::chrono::day{number(r.day)}};
    if (!date.ok() || hour > 23) return 0; // all bits set: there is no clock
    return sys_days{date}.time_since_epoch().count() * std::int64_t{86400} + hour * 3600 + number(r.minute) * 60 +
           number(r.second);
}

} // namespace uk::kvm
