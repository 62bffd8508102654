// Sleeping: with nothing to poll a plain timer; else in the poller.
#include <uk/platform.hpp>

#include <hosted/poller.hpp>
#include <hosted/process.hpp>
#include <hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::clock_nanosleep, uk::hosted::call::pause);

namespace uk::hosted {
namespace {

enum class way { none, ring, epoll, broken };
constinit way polling = way::none;

way choose() {
    const bool has_ring = ring::open();
    forbid_more_rings();
    if (has_ring) return way::ring;
    return epoll::open() ? way::epoll : way::broken;
}

void sleep_without_poller(instant deadline) {
    if (deadline == never) {
        system_call(call::pause);
        return;
    }
    const duration left = deadline - platform::now();
    if (left <= duration::zero()) return;
    const timespec time{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    constexpr long monotonic = 1;
    system_call(call::clock_nanosleep, monotonic, 0L, &time, 0L);
}

} // namespace

arming arm(readiness& what) {
    if (polling == way::none) polling = choose();
    switch (polling) {
    case way::ring: return ring::arm(what);
    case way::epoll: return epoll::arm(what);
    default: return arming::failed;
    }
}

} // namespace uk::hosted

void uk::platform::wait(instant deadline) {
    switch (hosted::polling) {
    case hosted::way::ring: return hosted::ring::sleep(deadline);
    case hosted::way::epoll: return hosted::epoll::sleep(deadline);
    default: return hosted::sleep_without_poller(deadline);
    }
}
