// A function that writes past its local array never returns.
// expect-status: 126
// expect-text: uk: panic: stack smashed
#include <cstring>

#include <uk/needs.hpp>

namespace {

volatile std::size_t length = 40;

[[gnu::noinline]] int fill() {
    char local[16];
    auto* volatile place = local;
    for (std::size_t i = 0; i < length; ++i) place[i] = 'A';
    return local[3];
}

} // namespace

uk::result<void> run() { return fill() == 'A' ? uk::ended(1) : uk::ended(2); }
