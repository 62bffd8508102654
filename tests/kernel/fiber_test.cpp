// The scheduler on a machine whose clock jumps: order, deadlines, cancellation, errors, many fibers, random load.
#include <array>
#include <cerrno>
#include <cfenv>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include "fake_platform.hpp"

using namespace std::chrono_literals;
using namespace uk;

namespace {

struct fibers : testing::Test {
    fibers() { fake::reset(); }
    ~fibers() override { EXPECT_EQ(machine.stacks, 0u) << "a stack was not given back"; }

    fake::machine& machine = fake::the_machine();
    std::string trace;
};

instant at(duration d) { return instant{d}; }

} // namespace

TEST_F(fibers, run_in_the_order_of_their_start_once_the_starter_blocks) {
    fiber::scope s;
    for (char c : {'a', 'b', 'c'}) ASSERT_TRUE(s.spawn([&, c] { trace += c; }));
    EXPECT_EQ(trace, "");
    EXPECT_EQ(s.size(), 3u);
    ASSERT_TRUE(s.join());
    EXPECT_EQ(trace, "abc");
    EXPECT_EQ(s.size(), 0u);
}

TEST_F(fibers, yield_takes_turns) {
    fiber::scope s;
    for (char c : {'a', 'b'})
        ASSERT_TRUE(s.spawn([&, c] {
            for (int i = 0; i < 3; ++i) {
                trace += c;
                ASSERT_TRUE(fiber::yield());
            }
        }));
    ASSERT_TRUE(s.join());
    EXPECT_EQ(trace, "ababab");
}

TEST_F(fibers, sleep_until_their_time_and_wake_in_its_order) {
    fiber::scope s;
    for (int ms : {30, 10, 20})
        ASSERT_TRUE(s.spawn([&, ms] {
            ASSERT_TRUE(fiber::sleep(std::chrono::milliseconds{ms}));
            EXPECT_EQ(platform::now(), at(std::chrono::milliseconds{ms}));
            trace += std::to_string(ms) + " ";
        }));
    ASSERT_TRUE(s.join());
    EXPECT_EQ(trace, "10 20 30 ");
    EXPECT_EQ(machine.sleeps, 3u);
}

TEST_F(fibers, sleeping_for_ever_needs_no_timer) {
    fiber::scope s;
    ASSERT_TRUE(s.spawn([&] { EXPECT_EQ(fiber::sleep(duration::max()).error(), error::cancelled); }));
    ASSERT_TRUE(fiber::sleep(1ms));
    s.cancel();
    ASSERT_TRUE(s.join());
}

TEST_F(fibers, an_event_stays_set_until_one_takes_it) {
    fiber::event e;
    e.signal();
    e.signal();
    ASSERT_TRUE(e.wait());
    EXPECT_EQ(e.wait_until(at(5ms)).error(), error::timed_out);
    EXPECT_EQ(platform::now(), at(5ms));
}

TEST_F(fibers, an_event_wakes_one_fiber_each_time_first_come_first_served) {
    fiber::event e;
    fiber::scope s;
    for (char c : {'a', 'b', 'c'})
        ASSERT_TRUE(s.spawn([&, c] {
            ASSERT_TRUE(e.wait());
            trace += c;
        }));
    ASSERT_TRUE(fiber::yield());
    e.signal();
    ASSERT_TRUE(fiber::sleep(1ms));
    EXPECT_EQ(trace, "a");
    e.signal();
    e.signal();
    ASSERT_TRUE(s.join());
    EXPECT_EQ(trace, "abc");
}

TEST_F(fibers, one_that_times_out_leaves_the_middle_of_the_queue) {
    fiber::event e;
    fiber::scope s;
    const auto waiter = [&](char c, instant until) {
        return [&, c, until] { trace += e.wait_until(until) ? c : '-'; };
    };
    ASSERT_TRUE(s.spawn(waiter('a', never)));
    ASSERT_TRUE(s.spawn(waiter('b', at(1ms))));
    ASSERT_TRUE(s.spawn(waiter('c', never)));
    ASSERT_TRUE(fiber::sleep(2ms));
    EXPECT_EQ(trace, "-");
    e.signal();
    e.signal();
    ASSERT_TRUE(s.join());
    EXPECT_EQ(trace, "-ac");
}

TEST_F(fibers, an_interrupt_wakes_who_waits) {
    fiber::event e;
    machine.interrupts.emplace(at(7ms), [&] { e.signal(); });
    ASSERT_TRUE(e.wait());
    EXPECT_EQ(platform::now(), at(7ms));
    EXPECT_EQ(machine.sleeps, 1u);
}

TEST_F(fibers, an_interrupt_right_before_the_sleep_is_not_missed) {
    fiber::event e;
    machine.interrupts.emplace(at(0ms), [&] { e.signal(); }); // pending already when `wait` is entered
    ASSERT_TRUE(e.wait_until(at(1s)));
    EXPECT_EQ(platform::now(), at(0ms));
    EXPECT_EQ(machine.sleeps, 0u);
}

TEST_F(fibers, interrupts_and_timers_are_seen_while_others_keep_the_machine_busy) {
    fiber::event e;
    fiber::scope s;
    bool over = false;
    machine.interrupts.emplace(at(0ms), [&] { e.signal(); });
    ASSERT_TRUE(s.spawn([&] {
        for (int i = 0; !over && i < 1000; ++i) {
            machine.now += 1us;
            ASSERT_TRUE(fiber::yield());
        }
    }));
    ASSERT_TRUE(e.wait());
    ASSERT_TRUE(fiber::sleep(100us));
    over = true;
    EXPECT_LT(platform::now(), at(150us));
    ASSERT_TRUE(s.join());
}

TEST_F(fibers, a_deadline_ends_whatever_blocks) {
    fiber::event e;
    fiber::deadline limit{10ms};
    EXPECT_EQ(e.wait().error(), error::timed_out);
    EXPECT_EQ(platform::now(), at(10ms));
    EXPECT_TRUE(limit.passed());
    EXPECT_EQ(fiber::sleep(1ms).error(), error::timed_out);
    EXPECT_EQ(fiber::yield().error(), error::timed_out);
    e.signal();
    EXPECT_EQ(e.wait().error(), error::timed_out) << "not taken after the deadline";
}

TEST_F(fibers, deadlines_nest_and_the_earliest_counts) {
    fiber::deadline outer{20ms};
    {
        fiber::deadline inner{5ms};
        EXPECT_EQ(fiber::sleep(1s).error(), error::timed_out);
        EXPECT_EQ(platform::now(), at(5ms));
        EXPECT_TRUE(inner.passed());
        EXPECT_FALSE(outer.passed());
    }
    ASSERT_TRUE(fiber::sleep(5ms)) << "the inner one is no more";
    {
        fiber::deadline longer{1h};
        EXPECT_EQ(fiber::sleep(1s).error(), error::timed_out);
        EXPECT_EQ(platform::now(), at(20ms));
        EXPECT_TRUE(longer.passed()) << "it can't outlast the one around it";
    }
}

TEST_F(fibers, a_deadline_limits_only_its_own_fiber) {
    fiber::scope s;
    ASSERT_TRUE(s.spawn([&] { ASSERT_TRUE(fiber::sleep(50ms)); }));
    {
        fiber::deadline limit{10ms};
        EXPECT_EQ(s.join().error(), error::timed_out);
        EXPECT_EQ(s.size(), 1u) << "the fibers still run";
    }
    ASSERT_TRUE(s.join());
    EXPECT_EQ(platform::now(), at(50ms));
}

TEST_F(fibers, sleeping_exactly_to_the_deadline_succeeds) {
    fiber::deadline limit{10ms};
    EXPECT_TRUE(fiber::sleep(10ms));
}

TEST_F(fibers, cancel_ends_sleeps_and_waits) {
    fiber::event e;
    fiber::scope s;
    ASSERT_TRUE(s.spawn([&] {
        trace += e.wait().error().name();
        EXPECT_TRUE(fiber::is_cancelled());
        EXPECT_EQ(fiber::sleep(1ms).error(), error::cancelled);
        EXPECT_EQ(fiber::yield().error(), error::cancelled);
    }));
    ASSERT_TRUE(s.spawn([&] { trace += fiber::sleep(1h).error().name(); }));
    ASSERT_TRUE(fiber::sleep(1ms));
    s.cancel();
    EXPECT_EQ(s.spawn([] {}).error(), error::closed);
    ASSERT_TRUE(s.join());
    EXPECT_EQ(trace, "cancelledcancelled");
    EXPECT_EQ(platform::now(), at(1ms));
    EXPECT_FALSE(fiber::is_cancelled());
}

TEST_F(fibers, a_signal_that_came_before_the_cancel_is_not_lost) {
    fiber::event e;
    fiber::scope s;
    ASSERT_TRUE(s.spawn([&] { trace += e.wait() ? "taken" : "lost"; }));
    ASSERT_TRUE(fiber::yield());
    e.signal();
    s.cancel();
    ASSERT_TRUE(s.join());
    EXPECT_EQ(trace, "taken");
}

TEST_F(fibers, leaving_a_scope_cancels_and_waits) {
    {
        fiber::scope s;
        ASSERT_TRUE(s.spawn([&] {
            EXPECT_EQ(fiber::sleep(1h).error(), error::cancelled);
            ASSERT_EQ(fiber::sleep(1h).error(), error::cancelled);
            trace += "ended";
        }));
        ASSERT_TRUE(fiber::yield());
    }
    EXPECT_EQ(trace, "ended");
}

TEST_F(fibers, a_cancelled_fiber_still_waits_for_its_own_children) {
    fiber::scope outer;
    ASSERT_TRUE(outer.spawn([&] {
        fiber::scope inner;
        ASSERT_TRUE(inner.spawn([&] {
            EXPECT_EQ(fiber::sleep(1h).error(), error::cancelled);
            trace += "child ";
        }));
        EXPECT_EQ(inner.join().error(), error::cancelled);
        trace += "parent ";
    }));
    ASSERT_TRUE(fiber::sleep(1ms));
    outer.cancel();
    ASSERT_TRUE(outer.join());
    EXPECT_EQ(trace, "parent child ");
}

TEST_F(fibers, leaving_a_scope_waits_even_when_cancelled_meanwhile) {
    fiber::scope outer;
    ASSERT_TRUE(outer.spawn([&] {
        {
            fiber::scope inner;
            ASSERT_TRUE(inner.spawn([&] {
                for (int i = 0; i < 20; ++i) (void)fiber::yield(); // goes on for a while after it was cancelled
                trace += "child ";
            }));
            ASSERT_TRUE(fiber::yield());
        }
        trace += "parent ";
    }));
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(fiber::yield());
    outer.cancel();
    ASSERT_TRUE(outer.join());
    EXPECT_EQ(trace, "child parent ");
}

TEST_F(fibers, leaving_a_scope_ignores_a_passed_deadline) {
    fiber::deadline limit{1ms};
    {
        fiber::scope s;
        ASSERT_TRUE(s.spawn([&] { trace += fiber::sleep(1h).error().name(); }));
        EXPECT_EQ(fiber::sleep(1s).error(), error::timed_out);
    }
    EXPECT_EQ(trace, "cancelled");
}

TEST_F(fibers, join_returns_the_first_error_that_is_not_a_cancellation) {
    fiber::scope s;
    ASSERT_TRUE(s.spawn([]() -> result<void> { return error::cancelled; }));
    ASSERT_TRUE(s.spawn([]() -> result<void> { return error::io; }));
    ASSERT_TRUE(s.spawn([]() -> result<void> { return error::busy; }));
    EXPECT_EQ(s.join().error(), error::io);
    ASSERT_TRUE(s.spawn([] {}));
    EXPECT_TRUE(s.join()) << "said once";
}

TEST_F(fibers, a_scope_can_be_joined_again_and_again) {
    fiber::scope s;
    ASSERT_TRUE(s.join());
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(s.spawn([&] { ASSERT_TRUE(fiber::sleep(1ms)); }));
        ASSERT_TRUE(fiber::sleep(2ms)); // it ends while nobody joins
        ASSERT_TRUE(s.spawn([&] { ASSERT_TRUE(fiber::sleep(1ms)); }));
        ASSERT_TRUE(s.join());
        EXPECT_EQ(s.size(), 0u);
    }
}

TEST_F(fibers, what_a_fiber_runs_is_destroyed_when_it_ends) {
    auto shared = std::make_shared<int>(1);
    fiber::scope s;
    ASSERT_TRUE(s.spawn([shared] {}));
    EXPECT_EQ(shared.use_count(), 2);
    ASSERT_TRUE(s.join());
    EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(fibers, a_large_callable_fits) {
    std::array<int, 8192> numbers{};
    numbers.back() = 42;
    fiber::scope s;
    ASSERT_TRUE(s.spawn([&, numbers] { trace += std::to_string(numbers.back()); }, {.stack_size = 4096}));
    ASSERT_TRUE(s.join());
    EXPECT_EQ(trace, "42");
}

TEST_F(fibers, without_memory_nothing_is_started) {
    machine.stack_limit = 1;
    fiber::scope s;
    ASSERT_TRUE(s.spawn([] {}));
    EXPECT_EQ(s.spawn([] {}).error(), error::out_of_memory);
    EXPECT_EQ(s.size(), 1u);
    ASSERT_TRUE(s.join());
    ASSERT_TRUE(s.spawn([] {})) << "the first one's stack is free again";
    ASSERT_TRUE(s.join());
}

TEST_F(fibers, keep_their_own_errno_name_and_floating_point_control) {
    fiber::scope s;
    errno = 1;
    const auto third = [] { // by SSE, while fegetround asks the x87
        volatile double one = 1, three = 3;
        return one / three; // the nearest is below
    };
    const double nearest = third();
    ASSERT_TRUE(s.spawn(
        [&] {
            EXPECT_STREQ(fiber::name(), "second");
            EXPECT_EQ(errno, 0);
            errno = 2;
            std::fesetround(FE_UPWARD);
            ASSERT_TRUE(fiber::yield());
            EXPECT_EQ(std::fegetround(), FE_UPWARD);
            EXPECT_GT(third(), nearest);
        },
        {.name = "second"}));
    ASSERT_TRUE(fiber::yield());
    EXPECT_EQ(errno, 1);
    EXPECT_EQ(third(), nearest);
    EXPECT_EQ(std::fegetround(), FE_TONEAREST);
    EXPECT_STREQ(fiber::name(), "main");
    ASSERT_TRUE(s.join());
}

TEST_F(fibers, thousands_at_once) {
    constexpr int many = 5000;
    int sum = 0;
    fiber::scope s;
    for (int i = 0; i < many; ++i)
        ASSERT_TRUE(s.spawn(
            [&, i] {
                ASSERT_TRUE(fiber::sleep(std::chrono::microseconds{(i * 7919) % many}));
                sum += i;
            },
            {.stack_size = 8192}));
    ASSERT_TRUE(s.join());
    EXPECT_EQ(sum, many * (many - 1) / 2);
    EXPECT_EQ(machine.most_stacks, std::size_t{many});
    EXPECT_EQ(platform::now(), at(std::chrono::microseconds{many - 1}));
}

TEST_F(fibers, stacks_of_ended_fibers_are_given_back_at_once) {
    fiber::scope s;
    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(s.spawn([] {}));
        ASSERT_TRUE(s.join());
    }
    EXPECT_LE(machine.most_stacks, 2u);
}

// Fibers that sleep, wait, signal, cancel and start others at random. Checked: everybody ends, nobody wakes early or late,
// and each signal is taken at most once.
TEST_F(fibers, random_load) {
    for (unsigned seed = 0; seed < 200; ++seed) {
        fake::reset();
        std::mt19937 random{seed};
        const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
        fiber::event events[4];
        int signals = 0, taken = 0;
        const auto signal = [&](unsigned i) {
            ++signals;
            events[i].signal();
        };
        for (int i = 0; i < 40; ++i)
            machine.interrupts.emplace(at(std::chrono::microseconds{below(5000)}), [&, i] { signal(i % 4); });

        const auto work = [&](auto& self, int depth) -> result<void> {
            fiber::scope mine;
            for (int step = 0; step < 20; ++step) {
                const instant before = platform::now();
                switch (below(7)) {
                case 0: {
                    const auto d = std::chrono::microseconds{below(300)};
                    const auto r = fiber::sleep(d);
                    if (r) {
                        EXPECT_EQ(platform::now(), before + d);
                    }
                    if (!r && r.error() == error::cancelled) return error::cancelled;
                    break;
                }
                case 1: {
                    const instant until = before + std::chrono::microseconds{below(300)};
                    const auto r = events[below(4)].wait_until(until);
                    if (r) ++taken;
                    EXPECT_LE(platform::now(), until);
                    if (!r && r.error() == error::timed_out) {
                        EXPECT_EQ(platform::now(), until);
                    }
                    break;
                }
                case 2: signal(below(4)); break;
                case 3: (void)fiber::yield(); break;
                case 4: {
                    fiber::deadline limit{std::chrono::microseconds{below(200)}};
                    const auto r = events[below(4)].wait();
                    if (r) ++taken;
                    if (!r && r.error() == error::timed_out) {
                        EXPECT_TRUE(limit.passed());
                    }
                    break;
                }
                case 5:
                    if (depth < 3)
                        (void)mine.spawn([&self, depth] { return self(self, depth + 1); }, {.stack_size = 32768});
                    break;
                case 6:
                    if (below(10) == 0) mine.cancel();
                    break;
                }
            }
            return {};
        };
        {
            fiber::scope all;
            for (int i = 0; i < 10; ++i) ASSERT_TRUE(all.spawn([&] { return work(work, 0); }, {.stack_size = 32768}));
            ASSERT_TRUE(fiber::sleep(std::chrono::microseconds{below(6000)}));
            if (below(2) == 0) all.cancel();
            ASSERT_TRUE(all.join());
        }
        EXPECT_LE(taken, signals);
        EXPECT_EQ(machine.stacks, 0u) << "seed " << seed;
        if (HasFailure()) FAIL() << "seed " << seed;
    }
}
