// A guard is there again when a stack is used for the second time, and the memory of stacks can be had again and again.
// expect-status: 126
// expect-text: a thousand fibers have come and gone
// expect-text: uk: panic: stack overflow: fiber `last` needs more than its
// expect-no-text: still here
#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    uk::fiber::scope s;
    for (int i = 0; i < 1000; ++i) {
        UK_TRY(s.spawn([] { (void)uk::fiber::yield(); }, {.stack_size = 64 * 1024}));
        if (i % 10 == 9) UK_TRY(s.join());
    }
    uk::platform::write_text("a thousand fibers have come and gone\n");
    UK_TRY(s.spawn(
        [] {
            const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
            *reinterpret_cast<volatile char*>(here - 64 * 1024) = 1; // within the page below the stack
            uk::platform::write_text("still here\n");
        },
        {.stack_size = 64 * 1024, .name = "last"}));
    return s.join();
}
