// Sleeps are never short, the best of them not long, and a sleeping guest leaves the processor to others: Xen itself says how
// long it ran (xen/include/public/vcpu.h: VCPUOP_get_runstate_info).
// targets: xen
// expect-text: sleep: all of it holds
#include <cstdint>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

using namespace std::chrono_literals;

namespace {

struct {
    int state;
    std::uint64_t entered;
    std::uint64_t time[4]; // running, runnable, blocked, offline
} runstate;

uk::duration time_running() {
    constexpr std::uint64_t vcpu_op = 24, get_runstate_info = 4;
    std::uint64_t number = vcpu_op, command = get_runstate_info, processor = 0;
    asm volatile("vmmcall" : "+a"(number), "+D"(command), "+S"(processor) : "d"(&runstate) : "memory");
    return uk::duration{number == 0 ? runstate.time[0] : ~std::uint64_t{0}};
}

int failures = 0;

void check(bool holds, std::string_view what) {
    if (holds) return;
    ++failures;
    uk::platform::write_text(what);
    uk::platform::write_text(": does not hold\n");
}

} // namespace

uk::result<void> run() {
    const uk::duration ran = time_running();
    for (const uk::duration wanted : {1ms, 20ms, 100ms}) {
        uk::duration best = 1h;
        for (int i = 0; i < 8; ++i) {
            const uk::instant before = uk::platform::now();
            UK_TRY(uk::fiber::sleep(wanted));
            const uk::duration slept = uk::platform::now() - before;
            check(slept >= wanted, "a sleep is not short");
            best = std::min(best, slept);
        }
        check(best < wanted + 10ms, "the best of eight sleeps is at most 10 ms long");
    }
    check(time_running() - ran < 200ms, "a second of sleep is less than 0.2 s of running");
    if (failures > 0) return uk::ended(1);
    uk::platform::write_text("sleep: all of it holds\n");
    return {};
}
