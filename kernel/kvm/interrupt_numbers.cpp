#include <kvm/interrupt_numbers.hpp>

#include <uk/kvm/irq.hpp>

#include <kvm/local_apic.hpp>
#include <x86_64/descriptors.hpp>

namespace uk::kvm {
namespace {

constexpr unsigned first_number = 1, end_number = 15; // 0 is the timer's, 15 the spurious one
constexpr std::uint64_t message_base = 0xfee00000; // Intel SDM volume 3, 11.11.1; the processor's number from bit 12 on

struct handler {
    void (*call)(void*);
    void* context;
};
constinit handler handlers[end_number]{};

void handle(void* of) {
    const auto& h = *static_cast<const handler*>(of);
    if (h.call) h.call(h.context);
    local_apic::end_of_interrupt();
}

} // namespace

result<unsigned> lend_interrupt_number(void (*call)(void*), void* context) {
    local_apic::start();
    for (unsigned number = first_number; number < end_number; ++number) {
        if (handlers[number].call) continue;
        handlers[number] = {call, context};
        x86_64::set_interrupt_handler(number, handle, &handlers[number]);
        return number;
    }
    return error::out_of_memory;
}

void return_interrupt_number(unsigned number) { handlers[number] = {}; }

result<interrupt_message> connect_message(void (*call)(void*), void* context) {
    const auto number = lend_interrupt_number(call, context);
    if (!number) return number.error();
    return interrupt_message{message_base | std::uint64_t{local_apic::id()} << 12,
                             x86_64::first_interrupt_vector + *number}; // fixed delivery, edge
}

void disconnect_message(const interrupt_message& message) {
    if (message.data) return_interrupt_number(message.data - x86_64::first_interrupt_vector);
}

} // namespace uk::kvm
