// Arithmetic faults.
// expect-status: 126
// expect-text: uk: panic: division by zero
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    volatile int zero = 0, some = 7;
    volatile int answer = some / zero;
    uk::platform::write_text(answer ? "still here\n" : "still here!\n");
    return {};
}
