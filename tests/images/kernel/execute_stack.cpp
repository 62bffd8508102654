// A fiber's stack can't be executed, neither the first one's nor another's.
// expect-status: 126
// expect-text: first
// expect-text: uk: panic: jump to memory that holds no code, at 0x
// expect-text: in fiber `second`
// expect-no-text: still here
#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    uk::fiber::scope s;
    UK_TRY(s.spawn(
        [] {
            uk::platform::write_text("first\n");
            volatile unsigned char code[1] = {0xc3}; // ret
            reinterpret_cast<void (*)()>(reinterpret_cast<std::uintptr_t>(code))();
            uk::platform::write_text("still here\n");
        },
        {.name = "second"}));
    return s.join();
}
