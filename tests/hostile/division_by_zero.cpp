// A division by zero.
// expect-status: 126
// expect-text: uk: panic: division by zero
#include <uk/needs.hpp>

namespace {
volatile int zero = 0;
} // namespace

uk::result<void> run() { return uk::ended(1 / zero); }
