// The controllers of interrupt lines, on q35 as on microvm (Intel 82093AA). See uk/kvm/irq.hpp.
#include <uk/kvm/irq.hpp>

#include <cstdint>

#include <kvm/interrupt_numbers.hpp>
#include <kvm/local_apic.hpp>
#include <x86_64/descriptors.hpp>
#include <x86_64/paging.hpp>

namespace uk::kvm {
namespace {

// Where QEMU puts them (hw/i386: IO_APIC_DEFAULT_ADDRESS, IO_APIC_SECONDARY_ADDRESS); only microvm has the second.
constexpr std::uintptr_t bases[] = {0xfec00000, 0xfec10000};
constexpr std::uint32_t version_register = 1, first_redirection = 0x10;
constexpr std::uint32_t masked = 1 << 16, level_triggered = 1 << 15, vector_bits = 0xff;
constexpr std::uint32_t nothing_there = 0xffffffff;

volatile std::uint32_t& window(std::uintptr_t base, std::uint32_t which) {
    *reinterpret_cast<volatile std::uint32_t*>(base) = which;
    return *reinterpret_cast<volatile std::uint32_t*>(base + 0x10);
}

/// A line's place: its controller and the low word of its redirection there.
struct pin {
    std::uintptr_t base = 0; // 0: there is none
    std::uint32_t redirection = 0;

    volatile std::uint32_t& low() const { return window(base, redirection); }
    volatile std::uint32_t& high() const { return window(base, redirection + 1); }
};

pin find(unsigned line) {
    for (const std::uintptr_t base : bases) {
        if (!x86_64::map(base, base + x86_64::page_size, x86_64::access::device)) break;
        const std::uint32_t version = window(base, version_register);
        if (version == nothing_there) break;
        const unsigned lines = (version >> 16 & 0xff) + 1;
        if (line < lines) return {base, first_redirection + 2 * line};
        line -= lines;
    }
    return {};
}

} // namespace

result<void> connect_irq(unsigned line, void (*handler)(void*), void* context, trigger how) {
    const pin p = find(line);
    if (!p.base) return error::invalid;
    const auto number = lend_interrupt_number(handler, context);
    if (!number) return number.error();
    p.high() = local_apic::id() << 24;
    p.low() = (x86_64::first_interrupt_vector + *number) |
              (how == trigger::level ? level_triggered : 0); // active high, fixed
    return {};
}

void disconnect_irq(unsigned line) {
    const pin p = find(line);
    if (!p.base) return;
    const std::uint32_t old = p.low();
    p.low() = masked;
    if (!(old & masked)) return_interrupt_number((old & vector_bits) - x86_64::first_interrupt_vector);
}

} // namespace uk::kvm
