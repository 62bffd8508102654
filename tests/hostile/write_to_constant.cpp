// A write to a constant.
// expect-status: 126
// expect-text: uk: panic: write to read-only memory at 0x
#include <uk/needs.hpp>

namespace {
const char text[] = "constant";
const char* volatile where = text;
} // namespace

uk::result<void> run() {
    *const_cast<volatile char*>(where) = 'x';
    return {};
}
