// The allocator notices that somebody wrote behind a block.
// expect-status: 126
// expect-text: uk: panic: heap: a block's header was overwritten
// expect-no-text: still here
#include <cstdlib>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    auto* volatile block = static_cast<char*>(std::malloc(32));
    void* volatile next = std::malloc(32);
    for (int i = 0; i < 33; ++i) block[i] = 'x';
    std::free(next);
    uk::platform::write_text("still here\n");
    return {};
}
