// Constants can't be overwritten.
// expect-status: 126
// expect-text: uk: panic: write to read-only memory at 0x
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

static const char text[] = "constant";

uk::result<void> run() {
    volatile char* volatile place = const_cast<char*>(text);
    *place = 'C';
    uk::platform::write_text("still here\n");
    return {};
}
