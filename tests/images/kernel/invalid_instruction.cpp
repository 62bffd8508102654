// Other exceptions are named too.
// expect-status: 126
// expect-text: uk: panic: invalid instruction
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    asm volatile("ud2");
    uk::platform::write_text("still here\n");
    return {};
}
