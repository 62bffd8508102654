// A panic that itself fails ends at once: here its own reason can't be read.
// targets: kvm xen
// expect-status: 126
// expect-text: uk: panic:
// expect-no-text: still here
#include <string_view>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    const char* volatile nowhere = reinterpret_cast<const char*>(0x40'0000'0000);
    uk::platform::panic(std::string_view{nowhere, 10});
    uk::platform::write_text("still here\n");
    return {};
}
