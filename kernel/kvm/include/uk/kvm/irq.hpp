// Interrupt lines of a kvm machine, for drivers.
#pragma once

#include <uk/result.hpp>

namespace uk::kvm {

/// Calls `handler(context)` for each interrupt of line `line` (a pin of the I/O APIC; for the old devices of a PC the number
/// that they always had). The handler runs while a fiber gives way: it never blocks, records, and signals events.
/// Errors: invalid (no such line), out_of_memory (more lines in use than there are vectors).
[[gnu::cold]] result<void> connect_irq(unsigned line, void (*handler)(void* context), void* context);

/// No more interrupts from that line.
[[gnu::cold]] void disconnect_irq(unsigned line);

} // namespace uk::kvm
