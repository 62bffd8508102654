// A fiber of its own overruns its stack: the panic names it.
// expect-status: 126
// expect-text: uk: panic: stack overflow: fiber `greedy`
#include <uk/fiber.hpp>
#include <uk/needs.hpp>

namespace {

[[gnu::noinline]] int deeper(volatile int* above) {
    volatile int here[64];
    here[0] = *above + 1;
    return deeper(here) + here[0];
}

} // namespace

uk::result<void> run() {
    uk::fiber::scope one;
    UK_TRY(one.spawn([] {
        volatile int start = 0;
        deeper(&start);
    }, {.stack_size = 8192, .name = "greedy"}));
    return one.join();
}
