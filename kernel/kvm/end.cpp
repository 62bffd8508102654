// The end of a kvm image: QEMU's isa-debug-exit when it is there, since it tells the status; else ACPI; else a triple fault.
#include <uk/platform.hpp>

#include <uk/x86_64/ports.hpp>

#include <kvm/acpi.hpp>
#include <kvm/text.hpp>
#include <kvm/time.hpp>
#include <x86_64/cpu.hpp>
#include <x86_64/machine.hpp>
#include <x86_64/text.hpp>

namespace uk {
namespace {

constexpr std::uint16_t exit_port = 0x501; // as `uk run` places it: -device isa-debug-exit,iobase=0x501,iosize=1
constexpr std::uint8_t no_port = 0xff; // what reading a port gives where nothing is; the device reads as 0
constexpr int most_status = 125;
constexpr std::uint64_t patience = 1ull << 32; // one or two seconds

[[noreturn]] void triple_fault() {
    struct [[gnu::packed]] {
        std::uint16_t limit = 0;
        std::uint64_t base = 0;
    } const none;
    asm volatile("lidt %0; int3" : : "m"(none));
    x86_64::stop();
}

} // namespace

void machine::start(const x86_64::pvh::start_info& info) {
    kvm::set_acpi_root(info.rsdp);
    kvm::start_time();
}

void machine::end(int status) {
    kvm::drain_text();
    if (status != 0) {
        if (x86_64::in8(exit_port) != no_port) x86_64::out8(exit_port, static_cast<std::uint8_t>(status));
        platform::write_text(
            x86_64::line{}.add("uk: exit status ").number(static_cast<std::uint64_t>(status)).add("\n").view());
        kvm::drain_text();
    }
    kvm::acpi_power_off();
    // The machine may take a moment; cycles rather than time, as time may be what has failed.
    for (const std::uint64_t asked = x86_64::cycles(); x86_64::cycles() - asked < patience;) asm volatile("pause");
    triple_fault();
}

void platform::exit(int status) { machine::end(status < 0 || status > most_status ? most_status : status); }

} // namespace uk
