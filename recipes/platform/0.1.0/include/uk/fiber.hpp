// signature platform 0.1 (scope: image): fibers, the contract that every blocking call relies on.
//
// A fiber is a thread of control that gives way only where it blocks; one processor, no preemption. A blocking call blocks
// its fiber, never the machine; it returns error::cancelled when the fiber's scope is cancelled and error::timed_out when a
// `deadline` in force passes. Interrupts and C callbacks never block: they record and `signal` an event.
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <uk/result.hpp>
#include <uk/time.hpp>

namespace uk::fiber {

/// Bytes of a fiber's stack unless its spawner says otherwise.
inline constexpr std::size_t default_stack_size = 16 * 1024;

struct control_block; // kernel/fiber/control_block.hpp

/// Lets the other runnable fibers run first. Returns error::cancelled or timed_out like any blocking call.
result<void> yield();

/// The time in `how_long` from now; `never` if that is beyond it.
instant after(duration how_long);

/// Blocks until `when` / for `how_long`. Errors: cancelled, timed_out.
result<void> sleep_until(instant when);
result<void> sleep(duration how_long);

/// Something that happens: fibers wait, anybody signals.
/// `signal` leaves the event set until one waiting fiber has taken it (auto-reset); several signals before that are one.
/// The only fiber call that interrupts and completions may make is `signal`.
class event {
  public:
    constexpr event() = default;
    event(const event&) = delete;
    event& operator=(const event&) = delete;

    /// Blocks until signalled. Errors: cancelled, timed_out (by a deadline in force); the event is then not taken.
    result<void> wait();
    /// As `wait`, but at most until `when`: error::timed_out.
    result<void> wait_until(instant when);
    /// Wakes one waiting fiber, or the next that comes. Any context, never blocks, never allocates.
    void signal();

  private:
    friend struct control_block;
    control_block* waiting_ = nullptr; // first of the fibers that wait, in the order they came
    control_block* last_ = nullptr;
    bool set_ = false;
};

/// While one is in force, blocking calls of this fiber fail with timed_out once its time has passed.
/// Deadlines nest: the earliest counts. Not movable; lives on the stack of the fiber that it limits.
class deadline {
  public:
    explicit deadline(instant when);
    explicit deadline(duration from_now);
    ~deadline();
    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;

    bool passed() const;

  private:
    instant outer_;
    instant when_;
};

/// How a fiber is started.
struct options {
    std::size_t stack_size = default_stack_size;
    const char* name = "fiber"; ///< shown in panics; must stay valid
};

/// A group of fibers that ends with it: leaving the block cancels what still runs and waits for it.
class scope {
  public:
    scope() = default;
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;
    ~scope(); ///< cancel(), then join()

    /// Starts `work()` on a fiber of its own; it first runs when this fiber blocks. `work` returns void or result<void>.
    /// Errors: out_of_memory (nothing was started), closed (after cancel).
    template <std::invocable Work>
    result<void> spawn(Work work, options how = {}) {
        using body = std::remove_cvref_t<Work>;
        static_assert(alignof(body) <= alignof(std::max_align_t));
        return start(
            how, sizeof(body),
            [](void* place, void* from) {
                std::construct_at(static_cast<body*>(place), std::move(*static_cast<body*>(from)));
            },
            [](void* place) -> result<void> {
                auto* mine = static_cast<body*>(place);
                struct last_words {
                    body* it;
                    ~last_words() { std::destroy_at(it); }
                } guard{mine};
                if constexpr (std::is_void_v<std::invoke_result_t<body&>>) {
                    (*mine)();
                    return {};
                } else {
                    return (*mine)();
                }
            },
            &work);
    }

    /// Waits until every fiber of the scope has ended. Returns the first error that one of them returned, cancelled ones
    /// aside; else cancelled or timed_out if this wait itself was ended (the fibers then still run).
    result<void> join();

    /// Asks every fiber of the scope to end: their blocking calls return error::cancelled from now on.
    void cancel();

    /// Fibers that still run.
    std::size_t size() const { return running_; }

  private:
    using mover = void (*)(void* place, void* from);
    using runner = result<void> (*)(void* place);
    result<void> start(options how, std::size_t body_size, mover move, runner run, void* work);

    friend struct control_block;
    control_block* first_ = nullptr;
    std::size_t running_ = 0;
    bool cancelled_ = false;
    bool failed_ = false;
    error first_error_ = error::cancelled;
    event ended_;
};

/// Whether the fiber that asks has been cancelled: for long computations between blocking calls.
bool is_cancelled();

/// Name of the running fiber, for messages.
const char* name();

} // namespace uk::fiber
