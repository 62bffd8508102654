// A jump to the heap.
// expect-status: 126
// expect-text: uk: panic: jump to memory that holds no code, at 0x
#include <cstdlib>

#include <uk/needs.hpp>

uk::result<void> run() {
    auto* const code = static_cast<unsigned char*>(std::malloc(16));
    *const_cast<volatile unsigned char*>(code) = 0xc3; // ret
    reinterpret_cast<void (*)()>(code)();
    return {};
}
