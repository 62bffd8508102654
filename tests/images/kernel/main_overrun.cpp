// The first fiber's stack has a guard as well.
// expect-status: 126
// expect-text: uk: panic: stack overflow: fiber `main` needs more than its
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

[[gnu::noinline]] static int deeper(int depth) {
    volatile char room[200];
    room[0] = static_cast<char>(depth);
    return depth == 0 ? 0 : deeper(depth - 1) + room[0];
}

uk::result<void> run() {
    volatile int depth = 100'000;
    uk::platform::write_text(deeper(depth) ? "still here\n" : "still here!\n");
    return {};
}
