// The readable end of an image: what happened, which fiber, where it came from. Addresses are those of the file (as
// addr2line wants them), wherever Linux has put the process.
#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/hooks.hpp>
#include <hosted/process.hpp>
#include <x86_64/text.hpp>

extern "C" {
[[gnu::visibility("hidden")]] extern const char __executable_start, etext;
}

namespace uk::hosted {
namespace {

using x86_64::line;

constexpr int panic_status = 126;
constexpr int most_callers = 6;

constinit bool panicking = false;

bool is_code(std::uintptr_t address) {
    return address > reinterpret_cast<std::uintptr_t>(&__executable_start) &&
           address < reinterpret_cast<std::uintptr_t>(&etext);
}

/// Words of the fiber's stack that point into the code: most are return addresses. Needs no frame pointers.
void say_callers(std::uintptr_t from) {
    const std::span<std::byte> stack = fiber::running_stack();
    const auto begin = reinterpret_cast<std::uintptr_t>(stack.data()), limit = begin + stack.size();
    if (from < begin || from >= limit) return;
    line text;
    text.add("uk:   stack:");
    int found = 0;
    for (std::uintptr_t at = (from + 7) & ~std::uintptr_t{7}; at + 8 <= limit && found < most_callers; at += 8)
        if (const auto word = *reinterpret_cast<const std::uintptr_t*>(at); is_code(word)) {
            text.add(" ").hex(word - self.image);
            ++found;
        }
    if (found) platform::write_text(text.add("\n").view());
}

} // namespace

void panic_at(std::string_view why, std::uintptr_t instruction, std::uintptr_t stack) {
    if (panicking) platform::exit(panic_status);
    panicking = true;
    platform::write_text(line{}.add("uk: panic: ").add(why).add("\n").view());
    line text;
    text.add("uk:   in fiber `").add(fiber::name()).add("`");
    if (is_code(instruction)) text.add(", at ").hex(instruction - self.image);
    platform::write_text(text.add("\n").view());
    say_callers(stack);
    platform::exit(panic_status);
}

} // namespace uk::hosted

void uk::platform::panic(std::string_view why) {
    hosted::panic_at(why, reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)),
                     reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) + 8);
}

extern "C" [[noreturn]] void __stack_chk_fail() {
    uk::platform::panic("stack smashed: a function wrote past its local array");
}
