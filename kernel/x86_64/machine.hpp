// What a platform (kernel/kvm, kernel/xen) adds to the processor's common code: the hooks that booting and panics call.
// The rest of a platform is uk/platform.hpp itself; what is common to all x86_64 machines is implemented here:
// heap, allocate_stack, free_stack, command_line, panic.
#pragma once

#include <x86_64/pvh.hpp>

namespace uk::machine {

/// Finds out what it must before text can be written: called first, with the image's memory, the heap and the loader's
/// own structures mapped. Also reserves nothing and prints nothing.
void start(const x86_64::pvh::start_info& info);

/// The end, after all text is out. `status` is 0 to 127. Never returns.
[[noreturn, gnu::cold]] void end(int status);

} // namespace uk::machine
