// Fibers without end: spawning fails when there is no memory for a stack, and the image goes on.
// expect-text: refused
// expect-text: all have ended
#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    uk::fiber::event never;
    {
        uk::fiber::scope all;
        for (;;) {
            const auto started = all.spawn([&] { (void)never.wait().has_value(); }, {.stack_size = 1 << 20});
            if (started) continue;
            if (started.error() != uk::error::out_of_memory) return uk::ended(1);
            break;
        }
        uk::platform::write_text("refused\n");
    }
    uk::platform::write_text("all have ended\n");
    return {};
}
