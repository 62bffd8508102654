// The card of each machine keeps the contract of its signature: on QEMU's user-mode network, and over a TAP interface, and simulated.
// targets: hosted kvm simulated
// network: tap
// boot(hosted): --card.interface=tap0
// boot(simulated): --card.weather=perfect
// pollers: io_uring epoll
// needs: card: net.device ^0.1
// manifest: stack: 64KiB
// time-out: 60
// expect-text: net.device: all of it holds
#include <uk/needs.hpp>
#include <uk/platform.hpp>

#include <uk/net/device_conformance.hpp>

uk::result<void> run(needs::card& card) {
    uk::conformance_report report{[](std::string_view what) {
        uk::platform::write_text(what);
        uk::platform::write_text(": does not hold\n");
    }};
    uk::net::device_conformance(report, card);
    if (report.failures() > 0 || report.checks() == 0) return uk::ended(1);
    uk::platform::write_text("net.device: all of it holds\n");
    return {};
}
