// One fiber, as the scheduler sees it. A spawned fiber's block lies at the upper end of its own stack, below it the callable
// that it runs: starting a fiber allocates its stack and nothing else.
#pragma once

#include <cstddef>
#include <span>

#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/timers.hpp>

namespace uk::fiber {

/// Why a blocked fiber goes on.
enum class wake : unsigned char { signalled, timed_out, cancelled };

struct control_block : timer {
    void* stack_pointer = nullptr; ///< while it doesn't run
    std::span<std::byte> stack{};
    const char* name = "main";
    instant deadline = never; ///< the earliest of those in force

    control_block* later = nullptr; ///< the next in the queue that it is in: of an event, or of those that can run
    control_block* earlier = nullptr; ///< only in an event's queue
    event* waits_for = nullptr;
    bool blocked = false; ///< waits for an event, a time, or both
    bool timed = false; ///< is in the heap of timers
    bool cancelled = false;
    wake reason = wake::signalled;
    int error_number = 0; ///< C's errno

    scope* parent = nullptr;
    control_block* older = nullptr; ///< in the parent's list
    control_block* younger = nullptr;
    result<void> (*run)(void* place) = nullptr;
    void* place = nullptr;

    /// Blocks this (the running) fiber until `until`, or until something wakes it, which is returned.
    wake block(instant until);
    /// Makes a blocked fiber go on: out of its event's queue and the timers, behind the others that can run.
    void wake_up(wake why);
    /// Waits for the next signal, also when cancelled or past a deadline; cancellation may wake it early, once.
    void wait_regardless(event& e);
    /// The error that any blocking call returns now, if there is one.
    result<void> may_block() const {
        if (cancelled) return error::cancelled;
        if (deadline != never && platform::now() >= deadline) return error::timed_out;
        return {};
    }

    void enqueue(event& e) {
        waits_for = &e;
        later = nullptr;
        earlier = e.last_;
        (e.waiting_ ? e.last_->later : e.waiting_) = this;
        e.last_ = this;
    }
    void leave_queue() {
        event& e = *waits_for;
        (earlier ? earlier->later : e.waiting_) = later;
        (later ? later->earlier : e.last_) = earlier;
        waits_for = nullptr;
        earlier = later = nullptr;
    }

    /// What a new fiber does: `self` runs, tells its scope, and is no more.
    [[noreturn]] static void begin(void* self);
    static void tell_scope(control_block& self, const result<void>& outcome);
    static void cancel_all(scope& s);
};

/// The one that runs.
control_block& running();

/// The fiber that has this stack: for messages about fibers that don't run. Whoever calls knows that the stack is a fiber's.
const control_block* block_on(std::span<std::byte> stack);
/// Where a fiber's block lies on a stack that ends there.
const control_block* block_at_end(std::byte* end);

} // namespace uk::fiber
