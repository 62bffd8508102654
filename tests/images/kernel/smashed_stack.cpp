// A function that writes past its local array doesn't return.
// expect-status: 126
// expect-text: uk: panic: stack smashed
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

[[gnu::noinline]] static void fill(volatile char* at, int count) {
    for (int i = 0; i < count; ++i) at[i] = 'A';
}

[[gnu::noinline]] static void smash(int count) {
    volatile char small[16];
    fill(small, count);
}

uk::result<void> run() {
    volatile int count = 16;
    smash(count);
    uk::platform::write_text("sixteen fit\n");
    count = 40;
    smash(count);
    uk::platform::write_text("still here\n");
    return {};
}
