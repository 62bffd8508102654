// Booting, from long mode to the application: each line is one step.
#include <uk/platform.hpp>

#include <fiber/hooks.hpp>
#include <x86_64/boot_memory.hpp>
#include <x86_64/cpu.hpp>
#include <x86_64/descriptors.hpp>
#include <x86_64/layout.hpp>
#include <x86_64/machine.hpp>
#include <x86_64/random.hpp>
#include <x86_64/stacks.hpp>

namespace {

[[noreturn]] void run_image() {
    for (const uk_constructor* c = uk_constructors_begin; c != uk_constructors_end; ++c) (*c)();
    uk::platform::exit(uk::image::main());
}

} // namespace

/// entry.S: on the boot stack (which becomes that of interrupts), everything mapped large, interrupts closed.
extern "C" [[noreturn, gnu::no_stack_protector]] void uk_start(const uk::x86_64::pvh::start_info* loader) {
    using namespace uk;
    x86_64::load_descriptors();
    x86_64::seed_stack_guard();
    const x86_64::pvh::start_info info = *loader;
    const bool has_memory = x86_64::start_memory(*loader);
    machine::start(info);
    if (!has_memory) platform::panic("the loader gave no usable memory");
    const auto stack = x86_64::first_stack(image::main_stack_size);
    if (stack.empty()) platform::panic("not enough memory for the first stack");
    fiber::first_stack(stack);
    uk_call_on_stack(stack.data() + stack.size(), run_image);
}
