// Who runs next. One processor, no preemption: fibers that can run stand in a queue; when it is empty the platform sleeps.
// Events are signalled from fibers and, on behalf of interrupts, only while `platform::wait` runs: so nothing here needs a lock.
#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/control_block.hpp>
#include <fiber/drawn_order.hpp>
#include <fiber/hooks.hpp>
#include <fiber/x86_64/context.hpp>

namespace uk::fiber {
namespace {

/// How many changes of fiber may pass before interrupts and timers are looked at, while there is always one that can run.
constexpr unsigned changes_between_looks = 8;

struct scheduler {
    control_block main{};
    control_block* running = &main;
    control_block* first = nullptr; // of those that can run
    control_block* last = nullptr;
    control_block* dead = nullptr; // has ended; its stack can be freed once another one runs
    void (*bury)() =
        nullptr; // frees it; set by the first that ends, so that an image which starts none links no allocator
    unsigned until_look = changes_between_looks;
    timers sleeping{};
};

constinit scheduler state{};

void append(control_block& f) {
    f.later = nullptr;
    (state.first ? state.last->later : state.first) = &f;
    state.last = &f;
}

/// Lets interrupts in, sleeping if there is nothing else to do; then wakes those whose time has come.
void look() {
    const bool idle = !state.first;
    platform::wait(!idle ? instant{} : state.sleeping.empty() ? never : state.sleeping.first().when);
    state.until_look = changes_between_looks;
    if (state.sleeping.empty()) return;
    const instant now = platform::now();
    while (!state.sleeping.empty() && state.sleeping.first().when <= now)
        static_cast<control_block&>(state.sleeping.first()).wake_up(wake::timed_out);
}

void bury_the_dead() {
    if (control_block* f = state.dead) {
        state.dead = nullptr;
        platform::free_stack(f->stack);
    }
}

/// Takes out of the queue who runs next: the first, or where the platform draws it (UK_ORDER_IS_DRAWN) any of the first few.
control_block& take_next() {
#ifdef UK_ORDER_IS_DRAWN
    std::size_t count = 0;
    for (const control_block* f = state.first; f && count < drawn_among; f = f->later) ++count;
    control_block* before = nullptr;
    control_block* drawn = state.first;
    for (std::size_t n = draw_next(count); n > 0; --n) {
        before = drawn;
        drawn = drawn->later;
    }
    (before ? before->later : state.first) = drawn->later;
    if (!drawn->later) state.last = before;
    return *drawn;
#else
    control_block& first = *state.first;
    state.first = first.later;
    return first;
#endif
}

/// Runs the others until it is the running fiber's turn again. It has queued itself somewhere, or is dead.
void give_way() {
    if (--state.until_look == 0) look();
    while (!state.first) look();
    control_block& from = *state.running;
    control_block& to = take_next();
    if (&from == &to) return;
    state.running = &to;
    uk_switch(&from.stack_pointer, to.stack_pointer);
    if (state.dead) state.bury();
}

} // namespace

control_block& running() { return *state.running; }

wake control_block::block(instant until) {
    blocked = true;
    if (until != never) {
        when = until;
        timed = true;
        state.sleeping.insert(*this);
    }
    give_way();
    return reason;
}

void control_block::wake_up(wake why) {
    if (waits_for) leave_queue();
    if (timed) state.sleeping.remove(*this);
    timed = blocked = false;
    reason = why;
    append(*this);
}

void control_block::begin(void* self) {
    bury_the_dead();
    auto& f = *static_cast<control_block*>(self);
    const result<void> outcome = f.run(f.place);
    tell_scope(f, outcome);
    state.dead = &f;
    state.bury = bury_the_dead;
    give_way();
    __builtin_unreachable();
}

result<void> yield() {
    append(running());
    give_way();
    return running().may_block();
}

result<void> sleep_until(instant when) {
    control_block& self = running();
    UK_TRY(self.may_block());
    if (self.block(when < self.deadline ? when : self.deadline) == wake::cancelled) return error::cancelled;
    if (when > self.deadline) return error::timed_out;
    return {};
}

result<void> sleep(duration how_long) { return sleep_until(after(how_long)); }

bool is_cancelled() { return running().cancelled; }

const char* name() { return running().name; }

bool runnable() { return state.first; }

const control_block* block_on(std::span<std::byte> stack) {
    if (stack.data() == state.main.stack.data()) return &state.main;
    return block_at_end(stack.data() + stack.size());
}

void first_stack(std::span<std::byte> stack) { state.main.stack = stack; }

std::span<std::byte> running_stack() { return running().stack; }

} // namespace uk::fiber

/// C's errno belongs to the fiber that runs (musl's name for it; Linux Standard Base, `__errno_location`).
extern "C" [[gnu::visibility("default")]] int* __errno_location() { return &uk::fiber::running().error_number; }
