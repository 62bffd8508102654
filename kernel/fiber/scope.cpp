#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <new>

#include <fiber/control_block.hpp>
#include <fiber/x86_64/context.hpp>

namespace uk::fiber {
namespace {

constexpr std::size_t least_stack = 2048;
constexpr std::size_t alignment = alignof(std::max_align_t);

/// Cuts `size` bytes off the upper end of a stack.
std::byte* cut(std::byte*& end, std::size_t size) {
    end -= size;
    end -= reinterpret_cast<std::uintptr_t>(end) % alignment;
    return end;
}

} // namespace

const control_block* block_at_end(std::byte* end) {
    return std::launder(reinterpret_cast<const control_block*>(cut(end, sizeof(control_block))));
}

result<void> scope::start(options how, std::size_t body_size, mover move, runner run, void* work) {
    if (cancelled_) return error::closed;
    const std::size_t ours = sizeof(control_block) + body_size + 2 * alignment;
    const std::size_t least = least_stack + ours;
    const auto stack = platform::allocate_stack(how.stack_size > least ? how.stack_size : least);
    if (!stack) return stack.error();

    std::byte* end = stack->data() + stack->size();
    auto& f = *new (cut(end, sizeof(control_block))) control_block;
    f.place = cut(end, body_size);
    move(f.place, work);
    f.run = run;
    f.stack = *stack;
    f.name = how.name;
    f.stack_pointer = prepare(end, control_block::begin, &f);

    f.parent = this;
    f.older = first_;
    if (first_) first_->younger = &f;
    first_ = &f;
    ++running_;
    f.wake_up(wake::signalled);
    return {};
}

void control_block::tell_scope(control_block& self, const result<void>& outcome) {
    scope& s = *self.parent;
    (self.younger ? self.younger->older : s.first_) = self.older;
    if (self.older) self.older->younger = self.younger;
    if (!outcome && outcome.error() != error::cancelled && !s.failed_) {
        s.failed_ = true;
        s.first_error_ = outcome.error();
    }
    if (--s.running_ == 0) s.ended_.signal();
}

void control_block::cancel_all(scope& s) {
    for (control_block* f = s.first_; f; f = f->older) {
        f->cancelled = true;
        if (f->blocked) f->wake_up(wake::cancelled);
    }
}

result<void> scope::join() {
    while (running_ > 0) UK_TRY(ended_.wait());
    if (!failed_) return {};
    failed_ = false;
    return first_error_;
}

void scope::cancel() {
    cancelled_ = true;
    control_block::cancel_all(*this);
}

scope::~scope() {
    cancel();
    while (running_ > 0) running().wait_regardless(ended_);
}

} // namespace uk::fiber
