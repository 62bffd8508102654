// The processor's interrupt numbers: each is lent to one line or message.
#pragma once

#include <uk/result.hpp>

namespace uk::kvm {

/// A number, as for x86_64::set_interrupt_handler, that calls `handler(context)` and acknowledges. Errors: out_of_memory.
[[gnu::cold]] result<unsigned> lend_interrupt_number(void (*handler)(void* context), void* context);

/// Nothing interrupts with that number any more.
[[gnu::cold]] void return_interrupt_number(unsigned number);

} // namespace uk::kvm
