// Calls to Xen from a PVH guest (xen/include/public/arch-x86/xen-x86_64.h: number in rax, arguments in rdi, rsi; result
// in rax), by the processor's own instruction, so that no page has to be written by Xen and executed by us.
#pragma once

#include <cstdint>

namespace uk::xen {

/// xen/include/public/xen.h, __HYPERVISOR_*.
enum class call : std::uint64_t { memory_op = 12, sched_op = 29, event_channel_op = 32, hvm_op = 34 };

/// sched.h, event_channel.h, memory.h, hvm/hvm_op.h: the commands of those calls that are used here.
inline constexpr std::uint64_t sched_shutdown = 2, sched_poll = 3;
inline constexpr std::uint64_t event_channel_send = 4;
inline constexpr std::uint64_t memory_add_to_physmap = 7;
inline constexpr std::uint64_t hvm_set_param = 0, hvm_get_param = 1;

inline constexpr std::uint16_t this_domain = 0x7ff0; ///< DOMID_SELF

/// `what` is the structure that the command wants. Negative results are Xen's error numbers.
long hypercall(call number, std::uint64_t command, void* what);

/// hvm/params.h, HVM_PARAM_*.
enum class parameter : std::uint32_t { callback_via = 0, console_page = 17, console_port = 18 };

/// A parameter of this domain; 0 if Xen doesn't say it.
std::uint64_t get(parameter which);
void set(parameter which, std::uint64_t value);

} // namespace uk::xen
