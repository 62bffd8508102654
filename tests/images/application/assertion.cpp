// A failed assertion.
// expect-status: 126
// expect-text: uk: panic:
#include <cassert>

#include <uk/needs.hpp>

uk::result<void> run() {
    volatile int two = 2;
    assert(two == 3);
    return {};
}
