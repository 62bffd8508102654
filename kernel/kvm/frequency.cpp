#include <kvm/frequency.hpp>

#include <uk/x86_64/ports.hpp>

#include <kvm/local_apic.hpp>
#include <x86_64/cpu.hpp>

namespace uk::kvm {
namespace {

using x86_64::cpuid;
using x86_64::cycles;

constexpr std::uint64_t kilo = 1000, mega = 1000000, giga = 1000000000;

/// Leaf 0x40000010 is a convention of hypervisors (VMware, KVM): EAX is the counter's rate in kHz.
/// Leaves 0x15 and 0x16: Intel SDM volume 3, 19.7.3.
[[gnu::cold]] std::uint64_t said_frequency() {
    if (x86_64::has_hypervisor() && cpuid(x86_64::hypervisor_leaf).eax >= 0x40000010)
        if (const std::uint64_t khz = cpuid(0x40000010).eax) return khz * kilo;
    const std::uint32_t highest = cpuid(0).eax;
    if (highest < 0x15) return 0;
    const auto ratio = cpuid(0x15);
    if (!ratio.eax || !ratio.ebx) return 0;
    if (ratio.ecx) return std::uint64_t{ratio.ecx} * ratio.ebx / ratio.eax;
    return highest >= 0x16 ? (cpuid(0x16).eax & 0xffff) * mega : 0;
}

// The interval timer 8254: channel 0, which needs no gate. Its interrupt is masked everywhere.
constexpr std::uint16_t channel_0 = 0x40, control = 0x43;
constexpr std::uint64_t interval_timer_hz = 1193182;

void start_interval_timer() {
    x86_64::out8(control, 0x30); // channel 0, low and high byte, mode 0: counts down once
    x86_64::out8(channel_0, 0xff);
    x86_64::out8(channel_0, 0xff);
}

std::uint32_t interval_timer() {
    x86_64::out8(control, 0); // latch channel 0
    const std::uint32_t low = x86_64::in8(channel_0);
    return 0xffff - (low | x86_64::in8(channel_0) << 8);
}

using counter = std::uint32_t (*)();

struct sample {
    std::uint64_t cycles;
    std::uint32_t ticks;
};

/// Both clocks at the same moment: of several tries the one that took the least time.
[[gnu::noinline]] sample look(counter read) {
    sample best{};
    std::uint64_t least = ~0ull;
    for (int i = 0; i < 8; ++i) {
        const std::uint64_t before = cycles();
        const std::uint32_t ticks = read();
        const std::uint64_t took = cycles() - before;
        if (took < least) {
            least = took;
            best = {before + took / 2, ticks};
        }
    }
    return best;
}

/// Cycles a second, measured for a hundredth of one. 0 when the other clock stands still.
[[gnu::noinline]] std::uint64_t measure(counter read, std::uint64_t hz) {
    constexpr int patience = 10000;
    const sample first = look(read);
    const auto enough = static_cast<std::uint32_t>(hz / 100);
    int still = 0;
    for (std::uint32_t passed = 0, before = 0; passed < enough; before = passed) {
        passed = read() - first.ticks;
        still = passed == before ? still + 1 : 0;
        if (still == patience) return 0;
    }
    const sample last = look(read);
    return (last.cycles - first.cycles) * hz / (last.ticks - first.ticks);
}

} // namespace

std::uint64_t cycle_frequency() {
    if (const std::uint64_t hz = said_frequency()) return hz;
    start_interval_timer();
    if (const std::uint64_t hz = measure(interval_timer, interval_timer_hz)) return hz;
    // Only virtual machines have no interval timer, and QEMU and KVM run the local APIC's timer at 1 GHz
    // (QEMU hw/intc/apic.c, KVM_CAP_X86_APIC_BUS_CYCLES_NS).
    local_apic::start();
    local_apic::count_down();
    const std::uint64_t hz = measure(local_apic::counted, giga);
    local_apic::stop_timer();
    return hz;
}

} // namespace uk::kvm
