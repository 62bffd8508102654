// A write to the image's own code.
// expect-status: 126
// expect-text: uk: panic: write to read-only memory at 0x
// expect-text: in fiber `main`
#include <cstdint>

#include <uk/needs.hpp>

uk::result<void> run() {
    auto* code = reinterpret_cast<volatile std::uint8_t*>(reinterpret_cast<std::uintptr_t>(&run));
    *code = 0xc3;
    return {};
}
