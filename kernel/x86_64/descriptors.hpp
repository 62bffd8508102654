// The processor's descriptor tables: which code runs for an exception or interrupt, and on which stack.
#pragma once

#include <cstdint>

namespace uk::x86_64 {

/// Exceptions are vectors 0 to 31; interrupt lines of the platform are numbered from 0 behind them.
inline constexpr unsigned first_interrupt_vector = 32;
inline constexpr unsigned interrupt_count = 16;

/// Loads the tables. Exceptions are reported from here on; interrupts stay closed.
[[gnu::cold]] void load_descriptors();

/// Calls `handler(context)` for each interrupt `number` (0 to 15, vector 32 + number). It runs on a stack of its own, with
/// interrupts closed, while a fiber gives way: it records and signals events, and acknowledges where the controller wants it.
void set_interrupt_handler(unsigned number, void (*handler)(void* context), void* context);

} // namespace uk::x86_64
