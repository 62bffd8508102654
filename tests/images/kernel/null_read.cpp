// Page 0 can't be read, up to its last byte.
// expect-status: 126
// expect-text: uk: panic: read through a null pointer, at 0x0000000000000fff
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    const volatile char* volatile nothing = nullptr;
    const char read = nothing[4095];
    uk::platform::write_text(read ? "still here\n" : "still here, and it is 0\n");
    return {};
}
