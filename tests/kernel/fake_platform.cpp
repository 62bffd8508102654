#include "fake_platform.hpp"

#include <cstdio>
#include <cstdlib>

#include <uk/fiber.hpp>
#include <uk/platform.hpp>

#include <fiber/hooks.hpp>

namespace uk::fake {
namespace {
machine current;
} // namespace

machine& the_machine() { return current; }
void reset() { current = machine{}; }

} // namespace uk::fake

namespace uk::platform {

instant now() { return fake::the_machine().now; }

void wait(instant deadline) {
    fake::machine& m = fake::the_machine();
    const auto deliver = [&] {
        while (!m.interrupts.empty() && m.interrupts.begin()->first <= m.now) {
            const auto happens = m.interrupts.extract(m.interrupts.begin());
            happens.mapped()();
        }
    };
    deliver();
    if (fiber::runnable() || deadline <= m.now) {
        ++m.looks;
        return;
    }
    ++m.sleeps;
    const instant next = m.interrupts.empty() ? never : m.interrupts.begin()->first;
    if (deadline == never && next == never) panic("nothing can ever happen again");
    m.now = next < deadline ? next : deadline;
    deliver();
}

result<std::span<std::byte>> allocate_stack(std::size_t size) {
    fake::machine& m = fake::the_machine();
    if (m.stacks >= m.stack_limit) return error::out_of_memory;
    if (++m.stacks > m.most_stacks) m.most_stacks = m.stacks;
    size = (size + 4095) / 4096 * 4096;
    return std::span{static_cast<std::byte*>(std::aligned_alloc(4096, size)), size};
}

void free_stack(std::span<std::byte> stack) {
    --fake::the_machine().stacks;
    std::free(stack.data());
}

void panic(std::string_view why) {
    std::fprintf(stderr, "panic in fiber `%s`: %.*s\n", fiber::name(), static_cast<int>(why.size()), why.data());
    std::abort();
}

} // namespace uk::platform
