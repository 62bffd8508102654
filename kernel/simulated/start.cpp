// From Linux's entry to the application. The image lies at a fixed address, as do its heap and its stacks (memory.cpp): no
// address differs between two runs, so none can change what an image does.
#include <uk/platform.hpp>

#include <fiber/hooks.hpp>
#include <hosted/process.hpp>
#include <simulated/simulation.hpp>

extern "C" {
std::uintptr_t __stack_chk_guard = 0x5eed5eed5eed5e00; // the lowest byte is zero: it stops what copies text
using uk_constructor = void (*)();
[[gnu::visibility("hidden")]] extern const uk_constructor __init_array_start[], __init_array_end[];
[[noreturn]] void uk_hosted_on_stack(void* end, void (*function)());
}

namespace uk::hosted {

constinit process self;

} // namespace uk::hosted

namespace uk::simulated {
namespace {

[[noreturn]] void run_image() {
    for (auto* c = __init_array_start; c != __init_array_end; ++c) (*c)();
    platform::exit(image::main());
}

} // namespace
} // namespace uk::simulated

/// hosted/entry.S: on the stack that Linux gave.
extern "C" [[noreturn, gnu::used, gnu::no_stack_protector]] void uk_hosted_start(const std::uint64_t* stack) {
    using namespace uk;
    hosted::self.argument_count = static_cast<int>(stack[0]);
    hosted::self.arguments = reinterpret_cast<const char* const*>(stack + 1);
    hosted::catch_faults();
    simulated::read_run();
    simulated::start_run();
    const auto first = platform::allocate_stack(image::main_stack_size);
    if (!first) platform::panic("not enough memory for the first stack");
    fiber::first_stack(*first);
    hosted::forbid_other_calls();
    uk_hosted_on_stack(first->data() + (first->size() & ~std::size_t{15}), simulated::run_image);
}
