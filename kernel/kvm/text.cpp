// Text of last resort: the first serial port, by asking it. The component uart-16550 drives the same port with interrupts;
// both only ever fill an empty transmitter, so that nothing is lost when a panic speaks in between.
#include <uk/platform.hpp>

#include <uk/x86_64/ports.hpp>

#include <kvm/text.hpp>

namespace uk::platform {
namespace {

constexpr std::uint16_t port = 0x3f8; // the first serial port of every PC; a 16550 (TI PC16550D, 8.4)
constexpr std::uint16_t line_status = port + 5;
constexpr std::uint8_t transmitter_empty = 0x20, all_sent = 0x40;

void put(char c) {
    // A port that isn't there reads 0xff, which is also "empty": the text goes nowhere, and nothing hangs.
    while (!(x86_64::in8(line_status) & transmitter_empty)) asm volatile("pause");
    x86_64::out8(port, static_cast<std::uint8_t>(c));
}

} // namespace

void write_text(std::string_view text) {
    for (const char c : text) {
        if (c == '\n') put('\r');
        put(c);
    }
}

} // namespace uk::platform

void uk::kvm::drain_text() {
    for (int i = 0; i < 1000000 && !(x86_64::in8(platform::line_status) & platform::all_sent); ++i)
        asm volatile("pause");
}
