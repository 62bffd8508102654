// Time on a kvm image: the clock that KVM shares, else the cycle counter. Found out when first asked for, so that an image that
// never asks pays nothing.
#include <uk/platform.hpp>

#include <fiber/hooks.hpp>
#include <kvm/frequency.hpp>
#include <kvm/local_apic.hpp>
#include <kvm/real_time_clock.hpp>
#include <kvm/time.hpp>
#include <x86_64/cpu.hpp>
#include <x86_64/pvclock.hpp>

namespace uk::kvm {
namespace {

using x86_64::cpuid;
using x86_64::cycles;

// linux/Documentation/virt/kvm/x86/cpuid.rst, msr.rst.
constexpr std::uint32_t kvm_features = 0x40000001;
constexpr std::uint32_t has_clock_2 = 1 << 3;
constexpr std::uint32_t wall_clock_msr = 0x4b564d00, system_time_msr = 0x4b564d01;

constexpr std::uint64_t giga = 1000000000;

[[gnu::aligned(64)]] constinit x86_64::pvclock::time_info shared{};

struct source {
    std::uint64_t first_cycle = 0; // when the image started
    std::uint64_t hz = 0; // of the cycle counter; 0: not found out yet
    std::uint64_t scale = 0; // nanoseconds a cycle, times 2^32
    bool has_shared = false;
    std::uint64_t first_time = 0; // of the shared clock, when the image started
};
constinit source clock{};

bool on_kvm() {
    if (!x86_64::has_hypervisor()) return false;
    const auto leaf = cpuid(x86_64::hypervisor_leaf);
    return leaf.ebx == 0x4b4d564b && leaf.ecx == 0x564b4d56 && leaf.edx == 0x4d; // "KVMKVMKVM"
}

[[gnu::cold]] void find_out() {
    if (on_kvm() && cpuid(kvm_features).eax & has_clock_2) {
        x86_64::write_msr(system_time_msr, reinterpret_cast<std::uintptr_t>(&shared) | 1);
        clock.has_shared = true;
        clock.hz = x86_64::pvclock::frequency(shared);
        const std::uint64_t since_start = cycles() - clock.first_cycle;
        clock.scale = (giga << 32) / clock.hz;
        clock.first_time = x86_64::pvclock::read(shared) -
                           static_cast<std::uint64_t>(static_cast<unsigned __int128>(since_start) * clock.scale >> 32);
        return;
    }
    clock.hz = cycle_frequency();
    if (!clock.hz) platform::panic("nothing in this machine says how fast its cycle counter runs");
    clock.scale = (giga << 32) / clock.hz;
}

} // namespace

void start_time() { clock.first_cycle = cycles(); }

} // namespace uk::kvm

namespace uk::platform {

using kvm::clock;

instant now() {
    if (!clock.hz) kvm::find_out();
    if (clock.has_shared) return instant{duration{x86_64::pvclock::read(kvm::shared) - clock.first_time}};
    const std::uint64_t passed = x86_64::cycles() - clock.first_cycle;
    return instant{duration{static_cast<std::uint64_t>(static_cast<unsigned __int128>(passed) * clock.scale >> 32)}};
}

result<wall_time> wall_now() {
    const duration since_start = now().time_since_epoch();
    if (clock.has_shared) {
        static constinit x86_64::pvclock::wall_clock wall{};
        x86_64::write_msr(kvm::wall_clock_msr, reinterpret_cast<std::uintptr_t>(&wall));
        return wall_time{duration{x86_64::pvclock::read(wall) + x86_64::pvclock::read(kvm::shared)}};
    }
    static constinit std::int64_t at_start = 0; // nanoseconds since 1970 when the image started; 0: not asked yet
    if (!at_start) {
        const std::int64_t seconds = kvm::real_time_clock();
        if (!seconds) return error::unsupported;
        at_start = seconds * static_cast<std::int64_t>(kvm::giga) - since_start.count();
    }
    return wall_time{duration{at_start + since_start.count()}};
}

void wait(instant deadline) {
    using namespace kvm;
    if (fiber::runnable() || deadline <= instant{}) {
        if (local_apic::started()) uk_take_interrupts();
        return;
    }
    local_apic::start();
    static constinit instant armed_for{};
    if (deadline == never) {
        if (local_apic::is_armed()) local_apic::stop_timer();
    } else if (!local_apic::is_armed() || deadline < armed_for) {
        // Otherwise it wakes too early, once, which costs less than a new time at every sleep.
        const instant present = now();
        if (deadline <= present) return;
        local_apic::interrupt_in(static_cast<std::uint64_t>((deadline - present).count()), clock.hz);
        armed_for = deadline;
    }
    uk_sleep();
}

} // namespace uk::platform
