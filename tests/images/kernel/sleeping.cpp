// Sleeping and waking: a thousand short sleeps of two fibers, none early, and a wait that nothing ends but its deadline.
// needs: clock: time.clock ^0.1
// expect-text: woken in time
// expect-no-text: early
#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

using namespace std::chrono_literals;

uk::result<void> run(needs::clock& clock) {
    uk::fiber::scope s;
    int woken = 0;
    for (int i = 1; i <= 2; ++i) {
        UK_TRY(s.spawn([&, i]() -> uk::result<void> {
            for (int n = 0; n < 500; ++n) {
                const uk::instant until = clock.now() + i * 100us;
                UK_TRY(uk::fiber::sleep_until(until));
                if (clock.now() < until) uk::platform::write_text("early\n");
                ++woken;
            }
            return {};
        }));
    }
    UK_TRY(s.join());
    uk::fiber::event never;
    const uk::instant before = clock.now();
    const auto waited = never.wait_until(before + 30ms);
    const uk::duration passed = clock.now() - before;
    if (woken == 1000 && !waited && waited.error() == uk::error::timed_out && passed >= 30ms && passed < 3s)
        uk::platform::write_text("woken in time\n");
    return {};
}
