// A write through a null pointer, at a member some way behind it.
// expect-status: 126
// expect-text: uk: panic: write through a null pointer, at 0x
#include <uk/needs.hpp>

namespace {
struct wide {
    char before[1000];
    int member;
};
wide* volatile nowhere = nullptr;
} // namespace

uk::result<void> run() {
    static_cast<volatile wide*>(nowhere)->member = 1;
    return {};
}
