// A call through a null pointer.
// expect-status: 126
// expect-text: uk: panic: call through a null pointer, to 0x
#include <uk/needs.hpp>

namespace {
void (*volatile nowhere)() = nullptr;
} // namespace

uk::result<void> run() {
    nowhere();
    return {};
}
