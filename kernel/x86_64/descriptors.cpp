// Segments, task state and interrupt table (Intel SDM volume 3, 3.4.5, 7.14 and 8.7). See descriptors.hpp.
#include <x86_64/descriptors.hpp>

#include <cstddef>

#include <x86_64/layout.hpp>

extern "C" {
extern std::uint64_t uk_gdt[5];
extern const char uk_vectors[], uk_interrupt_vectors[];
void uk_interrupt(unsigned number);
}

namespace uk::x86_64 {
namespace {

constexpr std::size_t vectors = first_interrupt_vector + interrupt_count;
constexpr std::size_t stub_size = 4; // vectors.S
constexpr std::uint16_t code_segment = 0x08, task_segment = 0x18;
constexpr unsigned double_fault = 8;

struct gate {
    std::uint64_t low, high;
};

struct [[gnu::packed]] task_state {
    std::uint32_t reserved0;
    std::uint64_t stacks[3];
    std::uint64_t reserved1;
    std::uint64_t interrupt_stacks[7];
    std::uint64_t reserved2;
    std::uint16_t reserved3;
    std::uint16_t io_map;
};

struct [[gnu::packed]] table_pointer {
    std::uint16_t limit;
    const void* base;
};

struct handler {
    void (*call)(void*);
    void* context;
};

constinit gate gates[vectors]{};
constinit task_state task{};
constinit handler handlers[interrupt_count]{};

// Stacks of the layout's pairs: interrupts (and booting), exceptions, the double fault. Numbers as in a gate, from 1.
enum class stack : std::uint64_t { interrupt = 1, exception = 2, double_fault = 3 };

std::uint64_t end_of(stack which) {
    return reinterpret_cast<std::uint64_t>(&uk_stacks_begin) + static_cast<std::uint64_t>(which) * 8192;
}

} // namespace

void load_descriptors() {
    for (std::uint64_t i = 1; i <= 3; ++i) task.interrupt_stacks[i - 1] = end_of(static_cast<stack>(i));
    task.io_map = sizeof task;

    const auto at = reinterpret_cast<std::uint64_t>(&task);
    uk_gdt[3] = (sizeof task - 1) | (at & 0xffffff) << 16 | 0x89ull << 40 | (at >> 24 & 0xff) << 56;
    uk_gdt[4] = at >> 32;

    auto stub = reinterpret_cast<std::uint64_t>(uk_vectors);
    constexpr std::uint64_t interrupt_gate = 0x8eull << 40;
    for (std::size_t i = 0; i < vectors; ++i, stub += stub_size) {
        if (i == first_interrupt_vector) stub = reinterpret_cast<std::uint64_t>(uk_interrupt_vectors);
        const stack on = i == double_fault            ? stack::double_fault
                         : i < first_interrupt_vector ? stack::exception
                                                      : stack::interrupt;
        gates[i].low = (stub & 0xffff) | std::uint64_t{code_segment} << 16 | static_cast<std::uint64_t>(on) << 32 |
                       interrupt_gate | (stub >> 16 & 0xffff) << 48;
        gates[i].high = stub >> 32;
    }

    const table_pointer pointer{sizeof gates - 1, gates};
    asm volatile("lidt %0" : : "m"(pointer));
    asm volatile("ltr %w0" : : "r"(task_segment));
}

void set_interrupt_handler(unsigned number, void (*call)(void*), void* context) { handlers[number] = {call, context}; }

} // namespace uk::x86_64

void uk_interrupt(unsigned number) {
    using namespace uk::x86_64;
    if (const handler h = handlers[number]; h.call) h.call(h.context);
}
