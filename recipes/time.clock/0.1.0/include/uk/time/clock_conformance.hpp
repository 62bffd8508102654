// The conformance suite of time.clock: what every implementation must do, on every target.
#pragma once

#include <uk/conformance.hpp>
#include <uk/fiber.hpp>
#include <uk/time/clock.hpp>

namespace uk::time {

template <Clock C>
void conformance(conformance_report& report, C& clock) {
    using namespace std::chrono_literals;

    report.check("resolution is at least a nanosecond", clock.resolution() >= 1ns);

    bool went_back = false;
    instant last = clock.now();
    for (int i = 0; i < 1000; ++i) {
        const instant next = clock.now();
        went_back |= next < last;
        last = next;
    }
    report.check("time never goes back", !went_back);

    const instant before = clock.now();
    const auto slept = fiber::sleep(20ms);
    const duration passed = clock.now() - before;
    report.check("sleeping succeeds", slept.has_value());
    report.check("time goes on while the image sleeps", passed >= 20ms - clock.resolution());
    report.check("a sleep of 20 ms is over within 2 s", passed < 2s);

    if (const auto wall = clock.wall()) {
        report.check("civil time is after 2024-01-01", wall->time_since_epoch() > 1704067200s);
        const auto again = clock.wall();
        report.check("civil time goes on", again && *again >= *wall);
    } else {
        report.check("a clock without civil time says `unsupported`", wall.error() == error::unsupported);
    }
}

} // namespace uk::time
