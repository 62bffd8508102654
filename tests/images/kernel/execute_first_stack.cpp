// The first fiber's stack can't be executed.
// expect-status: 126
// expect-text: uk: panic: jump to memory that holds no code, at 0x
// expect-text: in fiber `main`
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    volatile unsigned char code[1] = {0xc3}; // ret
    reinterpret_cast<void (*)()>(reinterpret_cast<std::uintptr_t>(code))();
    uk::platform::write_text("still here\n");
    return {};
}
