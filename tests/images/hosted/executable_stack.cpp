// … and not by a change of protection (call 10).
// targets: hosted
// expect-status: 126
// expect-text: uk: panic: forbidden host system call 10
// expect-no-text: still here
#include <cstdint>

#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    char here = 0;
    const std::uintptr_t page = reinterpret_cast<std::uintptr_t>(&here) & ~std::uintptr_t{4095};
    long number = 10; // mprotect(page, 4096, read | write | exec)
    asm volatile("syscall" : "+a"(number) : "D"(page), "S"(4096L), "d"(7L) : "rcx", "r11", "memory");
    uk::platform::write_text("still here\n");
    return {};
}
