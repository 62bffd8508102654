// The conformance suite of console: what every implementation must do, on every target. Whether the text arrives is seen from
// outside: the suite writes `console: a line of N bytes …`, and two fibers' lines, which must come out whole.
#pragma once

#include <cstddef>

#include <uk/conformance.hpp>
#include <uk/console/console.hpp>
#include <uk/fiber.hpp>

namespace uk::console {

template <Console C>
void conformance(conformance_report& report, C& console) {
    using namespace std::chrono_literals;

    report.check("an empty write succeeds", console.write("").has_value());
    report.check("a short write succeeds", console.write("console: a short line\n").has_value());

    char line[512];
    for (std::size_t i = 0; i < sizeof line; ++i) line[i] = static_cast<char>('a' + i % 26);
    line[sizeof line - 1] = '\n';
    const std::string_view text{line, sizeof line};
    report.check("a write longer than any device's buffer succeeds", console.write(text).has_value());

    {
        std::size_t written = 0;
        fiber::scope writers;
        for (int i = 0; i < 2; ++i)
            report.check("a writer starts",
                         writers.spawn([&] { written += console.write(text).has_value(); }).has_value());
        report.check("two fibers that write both end", writers.join().has_value());
        report.check("two fibers' writes both succeed", written == 2);
    }

    std::byte in[8];
    const auto empty = console.read(std::span<std::byte>{});
    report.check("a read into nothing returns 0", empty && *empty == 0);
    {
        fiber::deadline soon{20ms};
        const auto read = console.read(in);
        report.check("a read that nothing answers ends at its deadline",
                     read ? *read <= sizeof in : read.error() == error::timed_out);
    }
    {
        bool right = false;
        fiber::scope reader;
        const auto started = reader.spawn([&] {
            for (;;) {
                const auto read = console.read(in);
                if (read && *read > 0) continue; // somebody types
                right = read || read.error() == error::cancelled;
                break;
            }
        });
        report.check("a reader starts", started.has_value());
        report.check("the suite sleeps", fiber::sleep(1ms).has_value());
        reader.cancel();
        report.check("a cancelled read ends", reader.join().has_value() && right);
    }
    report.check("a write after that succeeds", console.write("console: the last line\n").has_value());
}

} // namespace uk::console
