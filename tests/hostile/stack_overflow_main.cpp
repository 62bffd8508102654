// The first fiber recurses without end: the guard page below its stack ends it.
// expect-status: 126
// expect-text: uk: panic: stack overflow: fiber `main`
#include <uk/needs.hpp>

namespace {

[[gnu::noinline]] int deeper(volatile int* above) {
    volatile int here[64];
    here[0] = *above + 1;
    return deeper(here) + here[0];
}

} // namespace

uk::result<void> run() {
    volatile int start = 0;
    return deeper(&start) ? uk::ended(1) : uk::ended(2);
}
