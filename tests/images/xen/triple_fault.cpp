// A guest that ends without a word, by a triple fault, is not taken for one that succeeded.
// targets: kvm xen
// expect-status: 211
// expect-text: died of a triple fault
#include <cstdint>

#include <uk/needs.hpp>

uk::result<void> run() {
    const struct [[gnu::packed]] {
        std::uint16_t limit = 0;
        std::uint64_t base = 0;
    } none;
    asm volatile("lidt %0; int3" : : "m"(none));
    return {};
}
