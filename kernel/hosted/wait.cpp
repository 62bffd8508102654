// Sleeping: with nothing to poll a plain timer; else in the poller.
#include <uk/platform.hpp>

#include <hosted/poller.hpp>
#include <hosted/process.hpp>
#include <uk/hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::clock_nanosleep, uk::hosted::call::pause);

namespace uk::hosted {
namespace {

enum class way { none, ring, epoll, broken };
constinit way polling = way::none;
constinit poller::at_looks* looking = nullptr;

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

way chosen() {
    if (polling == way::none) polling = choose();
    return polling;
}

} // namespace

poller::kind poller::which() {
    switch (chosen()) {
    case way::ring: return kind::ring;
    case way::epoll: return kind::epoll;
    default: return kind::none;
    }
}

bool poller::watch(int descriptor, operation& user) { return epoll::watch(descriptor, user); }

void poller::add(at_looks& what) {
    what.next = looking;
    looking = &what;
}

arming arm(readiness& what) {
    switch (chosen()) {
    case way::ring: return ring::arm(what);
    case way::epoll: return epoll::arm(what);
    default: return arming::failed;
    }
}

} // namespace uk::hosted

void uk::platform::wait(instant deadline) {
    using namespace hosted;
    for (auto* l = looking; l; l = l->next) l->before();
    switch (polling) {
    case way::ring: ring::sleep(deadline); break;
    case way::epoll: epoll::sleep(deadline); break;
    default: sleep_without_poller(deadline);
    }
    for (auto* l = looking; l; l = l->next) l->after();
}
