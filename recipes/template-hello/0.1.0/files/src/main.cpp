// Everything that an image can do before it has a network: one function for each, and `run`, where it begins.
#include <array>
#include <cstdint>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/print.hpp>

using namespace std::chrono_literals;

namespace {

uk::result<void> tell_time(needs::console& console, needs::clock& clock) {
    if (const auto wall = clock.wall()) UK_TRY(uk::print(console, "it is {}\n", *wall));
    return uk::print(console, "up for {}\n", clock.now().time_since_epoch());
}

uk::result<void> draw(needs::console& console, needs::random& random) {
    std::array<std::uint32_t, 3> numbers{};
    UK_TRY(random.fill(std::as_writable_bytes(std::span{numbers})));
    return uk::print(console, "three random numbers: {}, {}, {}\n", numbers[0], numbers[1], numbers[2]);
}

// Reads in pieces, as from any store: the file may be larger than the memory.
uk::result<void> show(needs::console& console, needs::site& site, std::string_view name) {
    const auto entry = site.find(name);
    if (!entry) return entry.error();
    UK_TRY(uk::print(console, "{} has {} bytes: ", name, site.size(*entry)));
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
                ++(uk::fiber::sleep(distance) ? in_time : late);
            }));
        }
        UK_TRY(runners.join());
    }
    return uk::print(console, "{} fibers in time, {} too late, all over after {}\n", in_time, late,
                     clock.now() - start);
}

} // namespace

uk::result<void> run(needs::console& console, needs::clock& clock, needs::random& random, needs::site& site,
                     const app::parameters& parameters) {
    UK_TRY(uk::print(console, "{}, world\n", parameters.greeting));
    UK_TRY(tell_time(console, clock));
    UK_TRY(draw(console, random));
    UK_TRY(show(console, site, "motd.txt"));
    UK_TRY(race(console, clock));
    if (parameters.status != 0) return uk::ended(static_cast<int>(parameters.status));
    return {};
}
