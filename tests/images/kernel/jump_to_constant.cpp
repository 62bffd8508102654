// Constants can't be executed either.
// expect-status: 126
// expect-text: uk: panic: jump to memory that holds no code, at 0x
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

static const unsigned char code[] = {0xc3};

uk::result<void> run() {
    auto* volatile place = code;
    reinterpret_cast<void (*)()>(reinterpret_cast<std::uintptr_t>(place))();
    uk::platform::write_text("still here\n");
    return {};
}
