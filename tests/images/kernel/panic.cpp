// What a person reads when an image ends itself.
// expect-status: 126
// expect-text: uk: panic: on purpose
// expect-text: in fiber `worker`, at 0x
// expect-text: stack: 0x
// expect-no-text: still here
#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    uk::fiber::scope s;
    UK_TRY(s.spawn(
        [] {
            uk::platform::panic("on purpose");
            uk::platform::write_text("still here\n");
        },
        {.name = "worker"}));
    return s.join();
}
