// An address that no processor has.
// expect-status: 126
// expect-text: uk: panic: general protection fault
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    const volatile char* volatile nowhere = reinterpret_cast<const char*>(0x8000'0000'0000'0000);
    uk::platform::write_text(*nowhere ? "still here\n" : "still here!\n");
    return {};
}
