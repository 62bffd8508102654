// Memory that isn't ours is not mapped.
// expect-status: 126
// expect-text: uk: panic: read of memory that is not mapped, at 0x0000004000000000
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    const volatile char* volatile nowhere = reinterpret_cast<const char*>(0x40'0000'0000);
    uk::platform::write_text(*nowhere ? "still here\n" : "still here!\n");
    return {};
}
