// Constants that hold addresses are written once, when the image relocates itself, and are read-only from then on.
// targets: hosted
// expect-status: 126
// expect-text: uk: panic: write to read-only memory at
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

namespace {

void first() { uk::platform::write_text("first\n"); }
void second() { uk::platform::write_text("second\n"); }

using function = void (*)();
[[gnu::used]] const function table[] = {first, second};

} // namespace

uk::result<void> run() {
    const function* volatile row = table;
    row[1]();
    *const_cast<function volatile*>(row) = second;
    uk::platform::write_text("still here\n");
    return {};
}
