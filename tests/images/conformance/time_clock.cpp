// What fills `time.clock` on each target keeps the contract of its signature.
// needs: clock: time.clock ^0.1
// expect-text: time.clock: all of it holds
#include <uk/needs.hpp>
#include <uk/platform.hpp>

#include <uk/time/clock_conformance.hpp>

uk::result<void> run(needs::clock& clock) {
    uk::conformance_report report{[](std::string_view what) {
        uk::platform::write_text(what);
        uk::platform::write_text(": does not hold\n");
    }};
    uk::time::conformance(report, clock);
    if (report.failures() > 0 || report.checks() == 0) return uk::ended(1);
    uk::platform::write_text("time.clock: all of it holds\n");
    return {};
}
