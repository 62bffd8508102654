// A system call that the image doesn't need is refused by the host (seccomp).
// targets: hosted
// expect-status: 126
// expect-text: uk: panic: forbidden host system call 39
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    long number = 39; // getpid: harmless, and not needed
    asm volatile("syscall" : "+a"(number) : : "rcx", "r11", "memory");
    uk::platform::write_text("still here\n");
    return {};
}
