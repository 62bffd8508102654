// The end of a domain, as `xl` sees it: a power-off, or a crash for a panic. The number is the console's last line.
#include <uk/platform.hpp>

#include <x86_64/cpu.hpp>
#include <x86_64/machine.hpp>
#include <x86_64/random.hpp>
#include <x86_64/text.hpp>
#include <xen/console.hpp>
#include <xen/hypercall.hpp>

namespace uk {
namespace {

constexpr int panic_status = 126, most_status = 127;

// sched.h: SHUTDOWN_*.
enum class reason : std::uint32_t { power_off = 0, crash = 3 };

} // namespace

void machine::end(int status) {
    if (status != 0) {
        xen::end_line();
        platform::write_text(
            x86_64::line{}.add("uk: exit status ").number(static_cast<std::uint64_t>(status)).add("\n").view());
    }
    xen::drain_console();
    auto why = status == panic_status ? reason::crash : reason::power_off;
    xen::hypercall(xen::call::sched_op, xen::sched_shutdown, &why);
    x86_64::stop();
}

void platform::exit(int status) { machine::end(status < 0 || status > most_status ? most_status : status); }

result<void> platform::entropy(std::span<std::byte> out) {
    if (!x86_64::hardware_random(out)) return error::unsupported;
    return {};
}

} // namespace uk
