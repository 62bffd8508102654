// Interrupts of a kvm machine, for drivers: lines of the I/O APICs, and messages that a device writes itself.
// A handler runs while a fiber gives way: it never blocks, records, and signals events.
#pragma once

#include <cstdint>

#include <uk/result.hpp>

namespace uk::kvm {

/// How a line says that something happened: by rising, or by being high until the device has been served.
enum class trigger : std::uint8_t { edge, level };

/// Calls `handler(context)` for each interrupt of line `line` (a pin of the I/O APICs, counted through; for the old devices of
/// a PC the number that they always had).
/// Errors: invalid (no such line), out_of_memory (more interrupts in use than there are vectors).
[[gnu::cold]] result<void> connect_irq(unsigned line, void (*handler)(void* context), void* context,
                                       trigger how = trigger::edge);

/// No more interrupts from that line.
[[gnu::cold]] void disconnect_irq(unsigned line);

/// A write that a device does to interrupt (MSI and MSI-X: Intel SDM volume 3, 11.11).
struct interrupt_message {
    std::uint64_t address = 0;
    std::uint32_t data = 0;
};

/// The message that calls `handler(context)`. Errors: out_of_memory.
[[gnu::cold]] result<interrupt_message> connect_message(void (*handler)(void* context), void* context);

/// The device sends that message no more.
[[gnu::cold]] void disconnect_message(const interrupt_message& message);

} // namespace uk::kvm
