// Durations as `1.5s`, `250ms`, `12.345us`; civil time as `2000-02-29 12:30:00`, in UTC.
#include <chrono>

#include <uk/print/argument.hpp>

namespace uk::printing {
namespace {

class short_text {
  public:
    void put(std::string_view text) {
        for (const char c : text)
            if (size_ < sizeof text_) text_[size_++] = c;
    }
    /// At least `digits` of them.
    void number(std::uint64_t value, unsigned digits = 1) {
        char reversed[20];
        unsigned count = 0;
        for (; value != 0 || count < digits; value /= 10) reversed[count++] = static_cast<char>('0' + value % 10);
        while (count > 0) put({&reversed[--count], 1});
    }
    std::string_view view() const { return {text_, size_}; }

  private:
    char text_[40];
    std::size_t size_ = 0;
};

struct unit {
    std::uint64_t nanoseconds;
    std::string_view name;
};

constexpr unit units[] = {{1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}};

} // namespace

void write_duration(output& out, const field& how, const void* value) {
    const std::int64_t signed_size = static_cast<const duration*>(value)->count();
    const auto size =
        signed_size < 0 ? 0 - static_cast<std::uint64_t>(signed_size) : static_cast<std::uint64_t>(signed_size);
    const unit* in = units;
    while (in->nanoseconds > 1 && size < in->nanoseconds) ++in;
    if (size == 0) in = units;
    short_text text;
    if (signed_size < 0) text.put("-");
    text.number(size / in->nanoseconds);
    // Up to three digits behind the point, without zeros at their end.
    if (std::uint64_t thousandths = in->nanoseconds == 1 ? 0 : size % in->nanoseconds / (in->nanoseconds / 1000)) {
        unsigned digits = 3;
        for (; thousandths % 10 == 0; thousandths /= 10) --digits;
        text.put(".");
        text.number(thousandths, digits);
    }
    text.put(in->name);
    out.put_padded(how, text.view(), '>');
}

void write_wall_time(output& out, const field& how, const void* value) {
    using namespace std::chrono;
    const auto since_epoch = *static_cast<const duration*>(value);
    const auto day = floor<days>(since_epoch);
    const year_month_day date{sys_days{day}};
    const hh_mm_ss clock{floor<seconds>(since_epoch - day)};
    short_text text;
    const int year = static_cast<int>(date.year());
    if (year < 0) text.put("-");
    text.number(static_cast<std::uint64_t>(year < 0 ? -year : year), 4);
    text.put("-");
    text.number(static_cast<unsigned>(date.month()), 2);
    text.put("-");
    text.number(static_cast<unsigned>(date.day()), 2);
    text.put(" ");
    text.number(static_cast<std::uint64_t>(clock.hours().count()), 2);
    text.put(":");
    text.number(static_cast<std::uint64_t>(clock.minutes().count()), 2);
    text.put(":");
    text.number(static_cast<std::uint64_t>(clock.seconds().count()), 2);
    out.put_padded(how, text.view());
}

} // namespace uk::printing
