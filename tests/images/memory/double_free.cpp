// The allocator notices a block that is given back twice.
// expect-status: 126
// expect-text: uk: panic: heap: double free
// expect-no-text: still here
#include <cstdlib>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    void* volatile block = std::malloc(100);
    std::free(block);
    std::free(block);
    uk::platform::write_text("still here\n");
    return {};
}
