// Signals that mean a fault of the image, in the words that the other platforms use for the same exception. They arrive on
// a stack of their own, as the fiber's may be what is broken.
#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/hooks.hpp>
#include <hosted/process.hpp>
#include <uk/hosted/system_call.hpp>
#include <x86_64/text.hpp>

extern "C" void uk_hosted_return_from_signal();

UK_HOSTED_CALLS(uk::hosted::call::rt_sigreturn);

namespace uk::hosted {
namespace {

using x86_64::line;

// asm/signal.h
enum signal : int { illegal = 4, trap = 5, bus = 7, floating_point = 8, segment = 11, bad_call = 31 };
constexpr std::uint64_t with_info = 4, restorer = 0x04000000, on_stack = 0x08000000, no_defer = 0x40000000;

struct action {
    void (*handler)(int, const void*, const void*);
    std::uint64_t flags;
    void (*restorer)();
    std::uint64_t mask;
};

struct alternate_stack {
    void* base;
    int flags;
    std::size_t size;
};

// asm/ucontext.h, asm/sigcontext.h: what the processor said.
struct context {
    std::uint64_t flags, link, stack[3];
    std::uint64_t r8_to_15[8], rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags, segments, error, vector, mask, cr2;
};

struct signal_info {
    int number, error, code, padding;
    std::uint64_t address; // for bad_call: the instruction
    int system_call;
};

constexpr std::uint64_t was_present = 1, was_write = 2, was_fetch = 16; // a page fault's error code (Intel SDM 3, 4.7)
constexpr std::uint64_t page_fault = 14;
constexpr std::size_t page_size = 4096;

constinit std::byte signal_stack[32 * 1024];

void describe_page_fault(line& text, std::uint64_t address, std::uint64_t code) {
    const auto bottom = reinterpret_cast<std::uint64_t>(fiber::running_stack().data());
    if (address < bottom && address >= bottom - stack_guard_size) {
        text.add("stack overflow: fiber `").add(fiber::name()).add("` needs more than its ");
        text.number(fiber::running_stack().size()).add(" bytes of stack, at ");
    } else if (code & was_fetch) {
        text.add(address < page_size ? "call through a null pointer, to " : "jump to memory that holds no code, at ");
    } else if (address < page_size) {
        text.add(code & was_write ? "write" : "read").add(" through a null pointer, at ");
    } else {
        text.add(code & was_write ? "write to " : "read of ");
        text.add(code & was_present ? "read-only memory at " : "memory that is not mapped, at ");
    }
    text.hex(address);
}

void describe(line& text, int number, const signal_info& info, const context& at) {
    switch (number) {
    case segment:
        if (at.vector == page_fault) return describe_page_fault(text, at.cr2, at.error);
        text.add("general protection fault (a non-canonical address, or a forbidden instruction)");
        return;
    case floating_point: text.add(at.vector == 0 ? "division by zero" : "floating point error"); return;
    case illegal: text.add("invalid instruction"); return;
    case trap: text.add("breakpoint"); return;
    case bad_call: text.add("forbidden host system call ").number(static_cast<unsigned>(info.system_call)); return;
    default: text.add("memory that the host can't give, at ").hex(info.address); return;
    }
}

void on_fault(int number, const void* info, const void* where) {
    const auto& at = *static_cast<const context*>(where);
    line text;
    describe(text, number, *static_cast<const signal_info*>(info), at);
    std::uint64_t instruction = at.rip;
    if (instruction < page_size) instruction = *reinterpret_cast<const std::uint64_t*>(at.rsp); // the caller helps more
    panic_at(text.view(), instruction, at.rsp);
}

} // namespace

void catch_faults() {
    const alternate_stack stack{signal_stack, 0, sizeof signal_stack};
    system_call(call::sigaltstack, &stack, 0L);
    const action caught{on_fault, with_info | restorer | on_stack | no_defer, uk_hosted_return_from_signal, 0};
    constexpr long mask_bytes = 8;
    for (const int number : {illegal, trap, bus, floating_point, segment, bad_call})
        system_call(call::rt_sigaction, static_cast<long>(number), &caught, 0L, mask_bytes);
}

} // namespace uk::hosted
