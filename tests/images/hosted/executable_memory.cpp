// Memory can't be made executable: not by mapping (call 9) …
// targets: hosted
// expect-status: 126
// expect-text: uk: panic: forbidden host system call 9
// expect-no-text: still here
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    long number = 9; // mmap(0, 4096, read | write | exec, private | anonymous, -1, 0)
    register long r10 asm("r10") = 0x22;
    register long r8 asm("r8") = -1;
    register long r9 asm("r9") = 0;
    asm volatile("syscall"
                 : "+a"(number)
                 : "D"(0L), "S"(4096L), "d"(7L), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    uk::platform::write_text("still here\n");
    return {};
}
