// Allocated memory can't be executed.
// expect-status: 126
// expect-text: uk: panic: jump to memory that holds no code, at 0x
// expect-no-text: still here
#include <cstdlib>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    auto* volatile block = static_cast<unsigned char*>(std::malloc(64));
    *block = 0xc3; // ret
    reinterpret_cast<void (*)()>(block)();
    uk::platform::write_text("still here\n");
    return {};
}
