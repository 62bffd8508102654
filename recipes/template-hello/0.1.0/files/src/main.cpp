// Everything that an image can do before it has a network: one function for each, and `run`, where it begins.
#include <array>
#include <cstdint>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/print.hpp>

using namespace std::chrono_literals;

namespace {

void tell_time(needs::console& console, needs::clock& clock) {
    const uk::instant since_boot = clock.now();
    uk::print(console, "up for {} us", since_boot.time_since_epoch() / 1us);
    if (const auto wall = clock.wall()) {
        const auto day = std::chrono::floor<std::chrono::days>(*wall);
        const std::chrono::year_month_day date{day};
        const std::chrono::hh_mm_ss time{*wall - day};
        uk::print(console, ", the date is {}-{}-{}, {} h {} min UTC", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count());
    }
    uk::print(console, "\n");
}

uk::result<void> draw(needs::console& console, needs::random& random) {
    std::array<std::uint32_t, 3> numbers{};
    UK_TRY(random.fill(std::as_writable_bytes(std::span{numbers})));
    uk::print(console, "three random numbers: {}, {}, {}\n", numbers[0], numbers[1], numbers[2]);
    return {};
}

// Reads in pieces, as from any store: the file may be larger than the memory.
uk::result<void> show(needs::console& console, needs::site& site, std::string_view name) {
    const auto entry = site.find(name);
    if (!entry) return entry.error();
    uk::print(console, "{} has {} bytes: ", name, site.size(*entry));
    std::array<char, 32> piece;
    for (std::uint64_t offset = 0;;) {
        const auto got = site.read(*entry, offset, std::as_writable_bytes(std::span{piece}));
        if (!got) return got.error();
        if (*got == 0) return {};
        UK_TRY(console.write({piece.data(), *got}));
        offset += *got;
    }
}

// Three fibers sleep for 10, 20 and 30 ms, all at once, and none of them may take more than 25 ms.
uk::result<void> race(needs::console& console, needs::clock& clock) {
    const uk::instant start = clock.now();
    int in_time = 0, late = 0;
    {
        uk::fiber::scope runners;
        for (const auto distance : {10ms, 20ms, 30ms}) {
            UK_TRY(runners.spawn([&in_time, &late, distance] {
                const uk::fiber::deadline limit{25ms};
                uk::fiber::sleep(distance) ? ++in_time : ++late;
            }));
        }
        UK_TRY(runners.join());
    }
    uk::print(console, "{} fibers in time, {} too late, all over after {} ms\n", in_time, late, (clock.now() - start) / 1ms);
    return {};
}

} // namespace

uk::result<void> run(needs::console& console, needs::clock& clock, needs::random& random, needs::site& site,
                     const app::parameters& parameters) {
    uk::print(console, "{}, world\n", parameters.greeting);
    tell_time(console, clock);
    UK_TRY(draw(console, random));
    UK_TRY(show(console, site, "motd.txt"));
    UK_TRY(race(console, clock));
    if (parameters.status != 0) return uk::ended(static_cast<int>(parameters.status));
    return {};
}
