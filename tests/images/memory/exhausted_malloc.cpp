// `malloc` says that there is no memory left; the image goes on, and what is given back can be had again.
// memory: 8MiB
// expect-text: as many blocks again
#include <cerrno>
#include <cstdlib>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

namespace {

struct link {
    link* next;
};

int take_all_and_give_back() {
    link* chain = nullptr;
    int taken = 0;
    errno = 0;
    while (auto* block = static_cast<link*>(std::malloc(32 * 1024))) {
        block->next = chain;
        chain = block;
        ++taken;
    }
    if (errno != ENOMEM) return -1;
    while (chain) {
        link* next = chain->next;
        std::free(chain);
        chain = next;
    }
    return taken;
}

} // namespace

uk::result<void> run() {
    const int first = take_all_and_give_back(), second = take_all_and_give_back();
    if (first <= 0 || first != second) return uk::ended(1);
    uk::platform::write_text("as many blocks again\n");
    return {};
}
