// Fibers against the real clock of the target: order of wake-ups, deadlines, cancellation, events, hundreds at once.
// memory: 16MiB
// needs: clock: time.clock ^0.1
// expect-text: fibers: all of it holds
#include <vector>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

using namespace std::chrono_literals;

namespace {

int failures = 0;

void check(bool holds, std::string_view what) {
    if (holds) return;
    ++failures;
    uk::platform::write_text(what);
    uk::platform::write_text(": does not hold\n");
}

} // namespace

uk::result<void> run(needs::clock& clock) {
    std::vector<int> order;
    const uk::instant start = clock.now();
    {
        uk::fiber::scope sleepers;
        for (const int ms : {30, 10, 20}) {
            UK_TRY(sleepers.spawn([&order, start, ms]() -> uk::result<void> {
                UK_TRY(uk::fiber::sleep_until(start + ms * 1ms));
                order.push_back(ms);
                return {};
            }));
        }
        UK_TRY(sleepers.join());
    }
    check(order == std::vector{10, 20, 30}, "who sleeps less wakes first");

    const uk::instant before = clock.now();
    {
        const uk::fiber::deadline limit{20ms};
        const auto slept = uk::fiber::sleep(5s);
        check(!slept && slept.error() == uk::error::timed_out, "a deadline ends a sleep");
    }
    check(clock.now() - before >= 20ms && clock.now() - before < 2s, "a deadline ends it when it is due");

    {
        uk::fiber::event never;
        uk::error seen = uk::error::io;
        {
            uk::fiber::scope one;
            UK_TRY(one.spawn([&] { seen = never.wait().error(); }));
            UK_TRY(uk::fiber::yield());
        }
        check(seen == uk::error::cancelled, "leaving a scope cancels what waits in it");
    }

    uk::fiber::event ping, pong;
    int rounds = 0;
    {
        uk::fiber::scope players;
        UK_TRY(players.spawn([&]() -> uk::result<void> {
            for (int i = 0; i < 100; ++i) {
                UK_TRY(ping.wait());
                ++rounds;
                pong.signal();
            }
            return {};
        }));
        for (int i = 0; i < 100; ++i) {
            ping.signal();
            UK_TRY(pong.wait());
        }
        UK_TRY(players.join());
    }
    check(rounds == 100, "two fibers play ping-pong");

    int ended = 0;
    {
        uk::fiber::scope many;
        for (int i = 0; i < 200; ++i)
            UK_TRY(many.spawn([&] { ended += uk::fiber::sleep(1ms).has_value(); }, {.stack_size = 4096}));
        UK_TRY(many.join());
    }
    check(ended == 200, "two hundred fibers sleep at once");

    if (failures) return uk::ended(1);
    uk::platform::write_text("fibers: all of it holds\n");
    return {};
}
