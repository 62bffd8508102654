// What fills `entropy` on each target keeps the contract of its signature.
// needs: source: entropy ^0.1
// expect-text: entropy: all of it holds
#include <uk/needs.hpp>
#include <uk/platform.hpp>

#include <uk/entropy/entropy_conformance.hpp>

uk::result<void> run(needs::source& source) {
    uk::conformance_report report{[](std::string_view what) {
        uk::platform::write_text(what);
        uk::platform::write_text(": does not hold\n");
    }};
    uk::entropy::conformance(report, source);
    if (report.failures() > 0 || report.checks() == 0) return uk::ended(1);
    uk::platform::write_text("entropy: all of it holds\n");
    return {};
}
