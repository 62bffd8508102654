// Data can't be executed: here the processor's `ret` in a variable.
// expect-status: 126
// expect-text: uk: panic: jump to memory that holds no code, at 0x
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

static unsigned char code[] = {0xc3};

uk::result<void> run() {
    auto* volatile place = code;
    reinterpret_cast<void (*)()>(place)();
    uk::platform::write_text("still here\n");
    return {};
}
