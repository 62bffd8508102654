// Readiness through epoll(7), one report for each arming.
#include <uk/platform.hpp>

#include <hosted/poller.hpp>
#include <uk/hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::epoll_create1, uk::hosted::call::epoll_ctl, uk::hosted::call::epoll_pwait,
                uk::hosted::call::epoll_pwait2);

namespace uk::hosted::epoll {
namespace {

// linux/eventpoll.h
struct [[gnu::packed]] event {
    std::uint32_t events;
    operation* data;
};

constexpr long close_on_exec = 02000000;
constexpr long add = 1, modify = 3;
constexpr std::uint32_t one_shot = 1u << 30, each_edge = 1u << 31;
constexpr std::uint32_t readable = 1, writable = 4, peer_ended = 0x2000;
constexpr long already_there = -17, not_for_this_kind = -1; // EEXIST, EPERM
constexpr int most_events = 64;

constinit long descriptor = -1;

long wait_for(event* events, instant deadline) {
    duration left{-1};
    if (deadline != never) {
        left = deadline - platform::now();
        if (left < duration::zero()) left = duration::zero();
    }
    const timespec time{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    const timespec* limit = left < duration::zero() ? nullptr : &time;
    const long got = system_call(call::epoll_pwait2, descriptor, events, static_cast<long>(most_events), limit, 0L, 0L);
    if (got != -ENOSYS_) return got;
    // Before Linux 5.11: whole milliseconds, rounded up.
    const long milliseconds = limit ? (left.count() + 999'999) / 1'000'000 : -1;
    return system_call(call::epoll_pwait, descriptor, events, static_cast<long>(most_events),
                       milliseconds > 0x7fffffff ? 0x7fffffffL : milliseconds, 0L, 0L);
}

} // namespace

bool open() {
    descriptor = system_call(call::epoll_create1, close_on_exec);
    return descriptor >= 0;
}

arming arm(readiness& what) {
    event wanted{static_cast<std::uint32_t>(what.way()) | one_shot, &what.for_poller()};
    const long number = what.descriptor();
    long answer = system_call(call::epoll_ctl, descriptor, add, number, &wanted);
    if (answer == already_there) answer = system_call(call::epoll_ctl, descriptor, modify, number, &wanted);
    if (answer == not_for_this_kind) return arming::pointless;
    return answer == 0 ? arming::armed : arming::failed;
}

bool watch(int number, operation& user) {
    event wanted{readable | writable | peer_ended | each_edge, &user};
    return system_call(call::epoll_ctl, descriptor, add, static_cast<long>(number), &wanted) == 0;
}

void sleep(instant deadline) {
    event events[most_events];
    const long got = wait_for(events, deadline);
    for (long i = 0; i < got; ++i)
        events[i].data->answered(*events[i].data, static_cast<std::int32_t>(events[i].events), 0);
}

} // namespace uk::hosted::epoll
