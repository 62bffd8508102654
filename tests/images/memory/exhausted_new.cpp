// `new` can't fail: without memory the image ends and says so.
// memory: 8MiB
// expect-status: 126
// expect-text: uk: panic: out of memory
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    for (int i = 0; i < 100'000; ++i) {
        char* volatile block = new char[64 * 1024];
        block[0] = 1;
    }
    uk::platform::write_text("still here\n");
    return {};
}
