// What fills `console` on each target keeps the contract of its signature.
// needs: console: console ^0.1
// expect-text: console: all of it holds
#include <uk/needs.hpp>
#include <uk/platform.hpp>

#include <uk/console/console_conformance.hpp>

uk::result<void> run(needs::console& console) {
    uk::conformance_report report{[](std::string_view what) {
        uk::platform::write_text(what);
        uk::platform::write_text(": does not hold\n");
    }};
    uk::console::conformance(report, console);
    if (report.failures() > 0 || report.checks() == 0) return uk::ended(1);
    uk::platform::write_text("console: all of it holds\n");
    return {};
}
