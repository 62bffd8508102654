// The end of a run where everybody waits for somebody: each fiber with what it waits for and where.
#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/control_block.hpp>
#include <simulated/simulation.hpp>
#include <x86_64/text.hpp>

extern "C" {
[[gnu::visibility("hidden")]] extern const char __executable_start, etext;
}

namespace uk::simulated {
namespace {

using x86_64::line;

constexpr int most_callers = 5;

bool is_code(std::uintptr_t address) {
    return address > reinterpret_cast<std::uintptr_t>(&__executable_start) &&
           address < reinterpret_cast<std::uintptr_t>(&etext);
}

/// Words of the stack that point into code, from where the fiber gave way on: most are return addresses.
void say_callers(line& text, const void* from, std::span<std::byte> stack) {
    auto at = reinterpret_cast<std::uintptr_t>(from);
    const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(stack.data()) + stack.size();
    int found = 0;
    for (; at + 8 <= end && found < most_callers; at += 8)
        if (const auto word = *reinterpret_cast<const std::uintptr_t*>(at); is_code(word)) {
            text.add(" ").hex(word);
            ++found;
        }
}

void say(const fiber::control_block& f, const void* from) {
    line text;
    text.add("uk:   fiber `").add(f.name).add("` waits for ").add(f.waits_for ? "an event:" : "nothing:");
    say_callers(text, from, f.stack);
    platform::write_text(text.add("\n").view());
}

} // namespace

void deadlock() {
    platform::write_text("uk: deadlock: no fiber can run, and no time is waited for\n");
    const fiber::control_block* self = &fiber::running();
    for (const stack_record* r = first_stack_record(); r; r = r->next) {
        if (!r->used) continue;
        const fiber::control_block* f = fiber::block_on({r->place, r->size});
        if (!f || !f->blocked) continue;
        say(*f, f == self ? __builtin_frame_address(0) : f->stack_pointer);
    }
    platform::panic("deadlock");
}

} // namespace uk::simulated
