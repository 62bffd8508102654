// What fills `allocator` on each target keeps the contract of its signature.
// expect-text: allocator: all of it holds
#include <uk/needs.hpp>
#include <uk/platform.hpp>

#include <uk/allocator/conformance.hpp>

uk::result<void> run() {
    uk::conformance_report report{[](std::string_view what) {
        uk::platform::write_text(what);
        uk::platform::write_text(": does not hold\n");
    }};
    uk::allocator::conformance(report);
    if (report.failures() > 0 || report.checks() == 0) return uk::ended(1);
    uk::platform::write_text("allocator: all of it holds\n");
    return {};
}
