// Events without interrupts: every channel stays masked, so Xen never interrupts; it marks the channel as pending and
// ends the sleep of SCHEDOP_poll (which sleeps, in spite of its name). Waiting costs one call to Xen, and handlers are
// plain calls.
#include <xen/events.hpp>

#include <uk/platform.hpp>

#include <fiber/hooks.hpp>
#include <xen/hypercall.hpp>
#include <xen/shared_info.hpp>
#include <xen/time.hpp>

namespace uk::xen {
namespace {

struct handler {
    void (*call)(void*);
    void* context;
};

constinit handler handlers[ports]{};
constinit port listed[ports]{}; // those with a handler
constinit std::uint32_t listed_count = 0;
constinit std::uint64_t wanted = 0; // the same as bits

// sched.h: struct sched_poll.
struct poll_request {
    const port* ports;
    std::uint32_t count;
    std::uint32_t reserved;
    std::uint64_t until;
};

volatile std::uint64_t& pending() { return shared->pending[0]; }

std::uint64_t bit(port which) { return std::uint64_t{1} << which; }

void call_handlers() {
    while (const std::uint64_t now = pending() & wanted) {
        const auto which = static_cast<port>(__builtin_ctzll(now));
        take_event(which);
        handlers[which].call(handlers[which].context);
    }
}

} // namespace

void sleep(const port* which, std::uint32_t count, std::uint64_t until) {
    poll_request request{which, count, 0, until};
    hypercall(call::sched_op, sched_poll, &request);
}

bool take_event(port which) {
    bool was_set;
    asm volatile("lock btrq %2, %1" : "=@ccc"(was_set), "+m"(pending()) : "r"(std::uint64_t{which}) : "memory");
    return was_set;
}

void return_event(port which) {
    asm volatile("lock btsq %1, %0" : "+m"(pending()) : "r"(std::uint64_t{which}) : "memory", "cc");
}

result<void> set_event_handler(port which, void (*call)(void*), void* context) {
    if (which >= ports || !shared) return error::unsupported;
    handlers[which] = {call, context};
    wanted = call ? wanted | bit(which) : wanted & ~bit(which);
    listed_count = 0;
    for (port p = 0; p < ports; ++p)
        if (wanted & bit(p)) listed[listed_count++] = p;
    return {};
}

void notify(port which) { hypercall(call::event_channel_op, event_channel_send, &which); }

} // namespace uk::xen

void uk::platform::wait(instant deadline) {
    using namespace uk::xen;
    if (shared) call_handlers();
    if (fiber::runnable() || deadline <= instant{}) return;
    if (deadline != never && deadline <= now()) return;
    xen::sleep(listed, listed_count, deadline == never ? 0 : system_time_at(deadline));
    if (shared) call_handlers();
}
