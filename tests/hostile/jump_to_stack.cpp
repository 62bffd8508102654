// A jump to the stack.
// expect-status: 126
// expect-text: uk: panic: jump to memory that holds no code, at 0x
#include <uk/needs.hpp>

uk::result<void> run() {
    volatile unsigned char code[16] = {0xc3}; // ret
    void* volatile where = const_cast<unsigned char*>(code);
    reinterpret_cast<void (*)()>(where)();
    return {};
}
