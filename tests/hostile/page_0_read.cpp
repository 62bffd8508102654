// A read through a null pointer.
// expect-status: 126
// expect-text: uk: panic: read through a null pointer, at 0x
#include <uk/needs.hpp>

namespace {
int* volatile nowhere = nullptr;
} // namespace

uk::result<void> run() { return *static_cast<volatile int*>(nowhere) == 1 ? uk::ended(1) : uk::ended(2); }
