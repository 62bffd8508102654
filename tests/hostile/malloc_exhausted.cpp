// malloc without memory left says so, and the image goes on.
// expect-text: no more after
// expect-text: and it goes on
#include <cstdlib>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    void* volatile block = nullptr;
    std::size_t count = 0;
    void** chain = nullptr;
    while ((block = std::malloc(1 << 20)) && count < 1'000'000) {
        *static_cast<void**>(block) = chain;
        chain = static_cast<void**>(block);
        ++count;
    }
    uk::platform::write_text("no more after some\n");
    while (chain) {
        void** const next = static_cast<void**>(*chain);
        std::free(chain);
        chain = next;
    }
    block = std::malloc(1 << 20);
    if (!block || count == 0) return uk::ended(1);
    uk::platform::write_text("and it goes on\n");
    return {};
}
