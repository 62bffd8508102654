// What fills `libc` on each target keeps the contract of its signature.
// expect-text: libc: all of it holds
#include <uk/needs.hpp>
#include <uk/platform.hpp>

#include <uk/libc/conformance.hpp>

uk::result<void> run() {
    uk::conformance_report report{[](std::string_view what) {
        uk::platform::write_text(what);
        uk::platform::write_text(": does not hold\n");
    }};
    uk::libc::conformance(report);
    if (report.failures() > 0 || report.checks() == 0) return uk::ended(1);
    uk::platform::write_text("libc: all of it holds\n");
    return {};
}
