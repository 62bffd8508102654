// Exceptions in words (Intel SDM volume 3, chapter 6). Every one of them is a fault of the image: none returns.
#include <cstdint>

#include <uk/fiber.hpp>

#include <fiber/hooks.hpp>
#include <x86_64/cpu.hpp>
#include <x86_64/paging.hpp>
#include <x86_64/panic.hpp>
#include <x86_64/text.hpp>

namespace uk::x86_64 {
namespace {

constexpr unsigned double_fault = 8, general_protection = 13, page_fault = 14;

// Exceptions with an error code: 8, 10 to 14, 17, 21, 29, 30.
constexpr std::uint32_t with_error_code = 1u << 8 | 0x1fu << 10 | 1u << 17 | 1u << 21 | 1u << 29 | 1u << 30;

constexpr std::uint64_t was_present = 1, was_write = 2, was_fetch = 16; // a page fault's error code

struct trap_state {
    std::uint64_t instruction, code_segment, flags, stack, stack_segment;
};

[[gnu::cold]] std::string_view name_of(std::uint64_t vector) {
    switch (vector) {
    case 0: return "division by zero";
    case 2: return "non-maskable interrupt";
    case 3: return "breakpoint";
    case 6: return "invalid instruction";
    case 7: return "floating point not available";
    case double_fault: return "double fault";
    case 12: return "stack segment fault";
    case general_protection: return "general protection fault (a non-canonical address, or a forbidden instruction)";
    case 16: return "floating point error";
    case 17: return "misaligned access";
    case 18: return "machine check";
    case 19: return "vector floating point error";
    default: return {};
    }
}

bool in_guard(std::uint64_t address) {
    const auto bottom = reinterpret_cast<std::uint64_t>(fiber::running_stack().data());
    return address < bottom && address >= bottom - page_size;
}

[[gnu::cold]] void describe_page_fault(line& text, std::uint64_t address, std::uint64_t code) {
    if (in_guard(address)) {
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

} // namespace
} // namespace uk::x86_64

/// vectors.S: `words` are the vector, the error code if there is one, then where the processor was.
extern "C" [[noreturn, gnu::cold]] void uk_exception(const std::uint64_t* words) {
    using namespace uk::x86_64;
    const std::uint64_t vector = words[0];
    const bool has_code = vector < 32 && with_error_code >> vector & 1;
    const std::uint64_t code = has_code ? words[1] : 0;
    const auto& state = *reinterpret_cast<const trap_state*>(words + (has_code ? 2 : 1));

    line text;
    if (vector == page_fault) {
        describe_page_fault(text, fault_address(), code);
    } else if (const std::string_view name = name_of(vector); !name.empty()) {
        text.add(name);
    } else {
        text.add("exception ").number(vector);
    }
    place where{state.instruction, state.stack};
    if (state.instruction < page_size) { // a call through null: the caller is what helps
        const auto* caller = reinterpret_cast<const std::uint64_t*>(state.stack);
        where.instruction = *caller;
    }
    panic_at(text.view(), where);
}
