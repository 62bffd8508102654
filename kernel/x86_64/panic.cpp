#include <x86_64/panic.hpp>

#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/hooks.hpp>
#include <x86_64/cpu.hpp>
#include <x86_64/layout.hpp>
#include <x86_64/machine.hpp>
#include <x86_64/text.hpp>

namespace uk::x86_64 {
namespace {

constexpr int panic_status = 126;
constexpr int most_callers = 6;

constinit bool panicking = false;

void say(const line& text) { platform::write_text(text.view()); }

bool is_code(std::uint64_t address) {
    return address > reinterpret_cast<std::uint64_t>(&uk_text_begin) &&
           address < reinterpret_cast<std::uint64_t>(&uk_text_end);
}

/// Words of the fiber's stack that point behind a call: most are return addresses. Needs no frame pointers.
[[gnu::cold]] void say_callers(std::uint64_t from) {
    const std::span<std::byte> stack = fiber::running_stack();
    const auto begin = reinterpret_cast<std::uint64_t>(stack.data()), end = begin + stack.size();
    if (from < begin || from >= end) return;
    line text;
    text.add("uk:   stack:");
    int found = 0;
    for (std::uint64_t at = (from + 7) & ~7ull; at + 8 <= end && found < most_callers; at += 8)
        if (const auto word = *reinterpret_cast<const std::uint64_t*>(at); is_code(word)) {
            text.add(" ").hex(word);
            ++found;
        }
    if (found) say(text.add("\n"));
}

} // namespace

void panic_at(std::string_view why, place where) {
    if (panicking) machine::end(panic_status);
    panicking = true;
    platform::write_text("\nuk: panic: ");
    platform::write_text(why);
    platform::write_text("\n");
    line text;
    text.add("uk:   in fiber `").add(fiber::name()).add("`");
    if (where.instruction) text.add(", at ").hex(where.instruction);
    say(text.add("\n"));
    say_callers(where.stack);
    machine::end(panic_status);
}

} // namespace uk::x86_64

namespace uk::platform {

void panic(std::string_view why) {
    const auto frame = reinterpret_cast<std::uint64_t>(__builtin_frame_address(0));
    x86_64::panic_at(why, {reinterpret_cast<std::uint64_t>(__builtin_return_address(0)), frame + 8});
}

} // namespace uk::platform

extern "C" [[noreturn]] void __stack_chk_fail() {
    uk::platform::panic("stack smashed: a function wrote past its local array");
}
