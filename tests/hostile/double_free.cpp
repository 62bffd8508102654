// Memory that is freed twice.
// expect-status: 126
// expect-text: uk: panic: 
#include <cstdlib>

#include <uk/needs.hpp>

uk::result<void> run() {
    void* volatile block = std::malloc(100);
    std::free(block);
    std::free(block);
    return {};
}
