// The processor's own interrupt controller and timer (Intel SDM volume 3, chapter 11), through memory.
#pragma once

#include <cstdint>

namespace uk::kvm::local_apic {

/// Switches it on, once; the old controllers (8259) are masked. Calls after the first do nothing.
[[gnu::cold]] void start();
bool started();

/// Its number, for the I/O APIC.
std::uint32_t id();

/// Says that the interrupt in service has been handled.
void end_of_interrupt();

/// Interrupts once, about after that many nanoseconds or somewhat earlier; the caller looks at the clock and asks again.
/// `cycle_hz`: of the cycle counter.
void interrupt_in(std::uint64_t nanoseconds, std::uint64_t cycle_hz);
void stop_timer();
/// Whether an interrupt that was asked for is still to come.
bool is_armed();

/// For measuring: lets the timer count from 0, without an interrupt, and says how far it got.
void count_down();
std::uint32_t counted();

} // namespace uk::kvm::local_apic
