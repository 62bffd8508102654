// A call through a null pointer ends, and says who called.
// expect-status: 126
// expect-text: uk: panic: call through a null pointer, to 0x0000000000000000
// expect-text: in fiber `main`, at 0x
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    void (*volatile nothing)() = nullptr;
    nothing();
    uk::platform::write_text("still here\n");
    return {};
}
