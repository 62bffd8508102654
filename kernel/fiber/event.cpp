#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/control_block.hpp>

namespace uk::fiber {

void control_block::wait_regardless(event& e) {
    enqueue(e);
    block(never);
}

result<void> event::wait() { return wait_until(never); }

result<void> event::wait_until(instant when) {
    control_block& self = running();
    UK_TRY(self.may_block());
    if (set_) {
        set_ = false;
        return {};
    }
    if (when != never && platform::now() >= when) return error::timed_out;
    self.enqueue(*this);
    switch (self.block(when < self.deadline ? when : self.deadline)) {
    case wake::timed_out: return error::timed_out;
    case wake::cancelled: return error::cancelled;
    case wake::signalled: break;
    }
    return {};
}

void event::signal() {
    if (waiting_) {
        waiting_->wake_up(wake::signalled);
    } else {
        set_ = true;
    }
}

} // namespace uk::fiber
