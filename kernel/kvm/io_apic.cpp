// The controller of interrupt lines, on q35 as on microvm (Intel 82093AA). See uk/kvm/irq.hpp.
#include <uk/kvm/irq.hpp>

#include <cstdint>

#include <kvm/local_apic.hpp>
#include <x86_64/descriptors.hpp>
#include <x86_64/paging.hpp>

namespace uk::kvm {
namespace {

constexpr std::uintptr_t base = 0xfec00000;
constexpr std::uint32_t version_register = 1, first_redirection = 0x10;
constexpr std::uint32_t masked = 1 << 16;

constexpr unsigned first_number = 1, end_number = 15; // 0 is the timer's, 15 the spurious one

struct line_handler {
    void (*call)(void*);
    void* context;
};
constinit line_handler handlers[end_number]{};
constinit unsigned next_number = first_number;
constinit bool mapped = false;

void select(std::uint32_t which) { *reinterpret_cast<volatile std::uint32_t*>(base) = which; }
volatile std::uint32_t& window() { return *reinterpret_cast<volatile std::uint32_t*>(base + 0x10); }

void write(std::uint32_t which, std::uint32_t value) {
    select(which);
    window() = value;
}

unsigned lines() {
    if (!mapped) mapped = x86_64::map(base, base + x86_64::page_size, x86_64::access::device);
    if (!mapped) return 0;
    select(version_register);
    return (window() >> 16 & 0xff) + 1;
}

void handle(void* context) {
    const auto& h = *static_cast<const line_handler*>(context);
    h.call(h.context);
    local_apic::end_of_interrupt();
}

} // namespace

result<void> connect_irq(unsigned line, void (*handler)(void*), void* context) {
    local_apic::start();
    if (line >= lines()) return error::invalid;
    if (next_number == end_number) return error::out_of_memory;
    const unsigned number = next_number++;
    handlers[number] = {handler, context};
    x86_64::set_interrupt_handler(number, handle, &handlers[number]);
    write(first_redirection + 2 * line + 1, local_apic::id() << 24);
    write(first_redirection + 2 * line, x86_64::first_interrupt_vector + number); // edge, active high, fixed
    return {};
}

void disconnect_irq(unsigned line) {
    if (line < lines()) write(first_redirection + 2 * line, masked);
}

} // namespace uk::kvm
