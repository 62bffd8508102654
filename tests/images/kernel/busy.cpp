// A fiber that never sleeps, but gives way, doesn't keep timers from others; and a timer that was set long ago is cheap to cancel.
// needs: clock: time.clock ^0.1
// expect-text: all three in time
#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

using namespace std::chrono_literals;

uk::result<void> run(needs::clock& clock) {
    bool over = false;
    int woken = 0;
    uk::fiber::scope s;
    UK_TRY(s.spawn([&]() -> uk::result<void> {
        const uk::instant give_up = clock.now() + 20s;
        while (!over && clock.now() < give_up) UK_TRY(uk::fiber::yield());
        return {};
    }));
    for (int i = 1; i <= 3; ++i)
        UK_TRY(s.spawn([&, i]() -> uk::result<void> {
            UK_TRY(uk::fiber::sleep(i * 10ms));
            ++woken;
            return {};
        }));
    {
        uk::fiber::event never;
        uk::fiber::scope waiting;
        for (int i = 0; i < 100; ++i)
            UK_TRY(waiting.spawn([&] { (void)never.wait_until(clock.now() + 1h); }, {.stack_size = 4096}));
        UK_TRY(uk::fiber::sleep(1ms));
    }
    const uk::instant before = clock.now();
    UK_TRY(uk::fiber::sleep(50ms));
    const uk::duration passed = clock.now() - before;
    over = true;
    UK_TRY(s.join());
    if (woken == 3 && passed >= 50ms && passed < 5s) uk::platform::write_text("all three in time\n");
    return {};
}
