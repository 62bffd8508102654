// A jump to data: what was written is never executed.
// expect-status: 126
// expect-text: uk: panic: jump to memory that holds no code, at 0x
#include <cstdint>

#include <uk/needs.hpp>

namespace {
std::uint8_t code[] = {0xc3}; // ret
std::uint8_t* volatile where = code;
} // namespace

uk::result<void> run() {
    reinterpret_cast<void (*)()>(where)();
    return {};
}
