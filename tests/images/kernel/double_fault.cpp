// An exception that can't be delivered, here because its entry in the processor's table is gone, is reported from a stack of its own.
// targets: kvm xen
// expect-status: 126
// expect-text: uk: panic: double fault
// expect-no-text: still here
#include <cstdint>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    struct [[gnu::packed]] {
        std::uint16_t limit;
        std::uint64_t* base;
    } table;
    asm volatile("sidt %0" : "=m"(table));
    table.base[2 * 14] = 0; // page fault
    const volatile char* volatile nothing = nullptr;
    uk::platform::write_text(*nothing ? "still here\n" : "still here!\n");
    return {};
}
