// What fills `store.kv` on each target keeps the contract of its signature.
// needs: site: {signature: store.kv ^0.1, use: embedded-files, with: {root: site}}
// folder: site
// expect-text: store.kv: all of it holds
#include <uk/needs.hpp>
#include <uk/platform.hpp>

#include <uk/store/kv_conformance.hpp>

uk::result<void> run(needs::site& site) {
    uk::conformance_report report{[](std::string_view what) {
        uk::platform::write_text(what);
        uk::platform::write_text(": does not hold\n");
    }};
    uk::store::conformance(report, site);
    if (report.failures() > 0 || report.checks() == 0) return uk::ended(1);
    uk::platform::write_text("store.kv: all of it holds\n");
    return {};
}
