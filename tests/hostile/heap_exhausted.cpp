// `new` without memory left: there is nobody to catch, so it ends the image.
// expect-status: 126
// expect-text: uk: panic: 
// expect-text: memory
#include <uk/needs.hpp>

namespace {
struct link {
    link* before;
    char room[100'000];
};
link* volatile last = nullptr;
} // namespace

uk::result<void> run() {
    for (;;) last = new link{last, {}};
}
