#include <kvm/local_apic.hpp>

#include <uk/x86_64/ports.hpp>

#include <x86_64/cpu.hpp>
#include <x86_64/descriptors.hpp>
#include <x86_64/paging.hpp>

namespace uk::kvm::local_apic {
namespace {

constexpr std::uintptr_t base = 0xfee00000; // after reset; nobody moves it
constexpr unsigned timer_interrupt = 0, spurious_interrupt = 15; // numbers for set_interrupt_handler

enum offset : unsigned {
    id_register = 0x20,
    task_priority = 0x80,
    end = 0xb0,
    spurious = 0xf0,
    local_timer = 0x320,
    local_line_0 = 0x350,
    local_line_1 = 0x360,
    initial_count = 0x380,
    current_count = 0x390,
    divide = 0x3e0,
};

constexpr std::uint32_t masked = 1 << 16, deadline_mode = 2 << 17, enabled = 1 << 8;
constexpr std::uint32_t divide_by_1 = 0xb, divide_by_128 = 0xa;
constexpr std::uint32_t deadline_msr = 0x6e0;

constinit bool is_started = false, armed = false;
constinit bool has_deadline = false;
constinit std::uint64_t timer_hz = 0;

volatile std::uint32_t& at(offset o) { return *reinterpret_cast<volatile std::uint32_t*>(base + o); }

constexpr std::uint32_t vector(unsigned interrupt) { return x86_64::first_interrupt_vector + interrupt; }

/// Counts a second, with divide_by_1: measured against the cycle counter for half a millisecond.
[[gnu::cold, gnu::noinline]] std::uint64_t measure(std::uint64_t cycle_hz) {
    count_down();
    const std::uint64_t from = x86_64::cycles();
    const std::uint32_t first = counted();
    std::uint64_t passed;
    do passed = x86_64::cycles() - from;
    while (passed < cycle_hz / 2000);
    const std::uint64_t hz = (counted() - first) * cycle_hz / passed;
    return hz ? hz : 1;
}

} // namespace

bool started() { return is_started; }

void start() {
    if (is_started) return;
    is_started = true;
    x86_64::out8(0x21, 0xff);
    x86_64::out8(0xa1, 0xff);
    x86_64::map(base, base + x86_64::page_size, x86_64::access::device);
    has_deadline = x86_64::cpuid(1).ecx >> 24 & 1;
    at(spurious) = enabled | vector(spurious_interrupt);
    at(task_priority) = 0;
    at(local_line_0) = masked;
    at(local_line_1) = masked;
    at(local_timer) = masked;
    x86_64::set_interrupt_handler(
        timer_interrupt,
        [](void*) {
            armed = false;
            end_of_interrupt();
        },
        nullptr);
}

std::uint32_t id() { return at(id_register) >> 24; }

void end_of_interrupt() { at(end) = 0; }

void interrupt_in(std::uint64_t nanoseconds, std::uint64_t cycle_hz) {
    constexpr std::uint64_t giga = 1000000000;
    constexpr std::uint64_t longest = 100 * giga; // woken to look again
    if (nanoseconds > longest) nanoseconds = longest;
    armed = true;
    if (has_deadline) {
        at(local_timer) = deadline_mode | vector(timer_interrupt);
        asm volatile("mfence" : : : "memory"); // SDM volume 3, 11.5.4.1: the mode before the deadline
        x86_64::write_msr(deadline_msr, x86_64::cycles() + nanoseconds * (cycle_hz / 1000) / (giga / 1000));
        return;
    }
    if (!timer_hz) timer_hz = measure(cycle_hz);
    if (nanoseconds > giga / 10)
        nanoseconds -= nanoseconds / 64; // the rate is known to about a hundredth: come early, look again
    std::uint64_t counts = nanoseconds * (timer_hz / 1000) / (giga / 1000);
    std::uint32_t divisor = divide_by_1;
    if (counts > 0xffffffff) {
        counts /= 128;
        divisor = divide_by_128;
    }
    at(divide) = divisor;
    at(local_timer) = vector(timer_interrupt);
    at(initial_count) = static_cast<std::uint32_t>(counts ? counts : 1);
}

void stop_timer() {
    armed = false;
    if (has_deadline) x86_64::write_msr(deadline_msr, 0);
    at(initial_count) = 0;
}

bool is_armed() { return armed; }

void count_down() {
    at(local_timer) = masked;
    at(divide) = divide_by_1;
    at(initial_count) = 0xffffffff;
}

std::uint32_t counted() { return 0xffffffff - at(current_count); }

} // namespace uk::kvm::local_apic
