// Code can't be overwritten.
// expect-status: 126
// expect-text: uk: panic: write to read-only memory at 0x
// expect-text: in fiber `main`
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    auto* volatile code = reinterpret_cast<volatile char*>(&uk::platform::exit);
    *code = 0x90;
    uk::platform::write_text("still here\n");
    return {};
}
