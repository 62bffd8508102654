// What fills `net.stack` keeps the contract of its signature, over its own loopback addresses.
// targets: hosted kvm simulated
// fillers(hosted): net: host-sockets lwip inet
// fillers(kvm): net: lwip inet
// fillers(simulated): net: lwip inet
// network: tap
// pollers: io_uring epoll
// needs: net: net.stack ^0.1
// manifest: stack: 64KiB
// time-out: 120
// expect-text: net.stack: all of it holds
#include <uk/needs.hpp>
#include <uk/platform.hpp>

#include <uk/net/stack_conformance.hpp>

uk::result<void> run(needs::net& net) {
    uk::conformance_report report{[](std::string_view what) {
        uk::platform::write_text(what);
        uk::platform::write_text(": does not hold\n");
    }};
    uk::net::stack_conformance(report, net);
    if (report.failures() > 0 || report.checks() == 0) return uk::ended(1);
    uk::platform::write_text("net.stack: all of it holds\n");
    return {};
}
