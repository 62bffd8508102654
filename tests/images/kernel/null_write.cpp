// Page 0 can't be written.
// expect-status: 126
// expect-text: uk: panic: write through a null pointer, at 0x0000000000000000
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    volatile char* volatile nothing = nullptr;
    *nothing = 1;
    uk::platform::write_text("still here\n");
    return {};
}
