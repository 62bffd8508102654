// Time from the page shared with Xen: the cycle counter, scaled as Xen says (xen/include/public/xen.h, struct
// vcpu_time_info). No call to Xen; under the domain setting `tsc_mode = "native"` not even an exit.
#include <xen/time.hpp>

#include <uk/platform.hpp>

#include <x86_64/cpu.hpp>
#include <xen/shared_info.hpp>

namespace uk {
namespace {

constinit std::uint64_t started = 0, latest = 0;

std::uint64_t system_time() {
    if (!xen::shared) return 0;
    const volatile xen::time_info& info = xen::shared->processors[0].time;
    const std::uint64_t time = xen::read_steadily(info.version, [&] {
        std::uint64_t passed = x86_64::cycles() - info.cycles;
        const int shift = info.shift;
        passed = shift < 0 ? passed >> -shift : passed << shift;
        return info.system + static_cast<std::uint64_t>(static_cast<unsigned __int128>(passed) * info.multiplier >> 32);
    });
    if (time > latest) latest = time; // two processors' counters may differ by a little: never go back
    return latest;
}

} // namespace

void xen::start_time() { started = system_time(); }

std::uint64_t xen::system_time_at(instant when) {
    return started + static_cast<std::uint64_t>(when.time_since_epoch().count());
}

instant platform::now() { return instant{duration{system_time() - started}}; }

result<wall_time> platform::wall_now() {
    if (!xen::shared) return error::unsupported;
    const volatile xen::shared_info& info = *xen::shared;
    const std::uint64_t booted = xen::read_steadily(info.wall_version, [&] {
        const std::uint64_t seconds = std::uint64_t{info.wall_seconds_high} << 32 | info.wall_seconds;
        return seconds * 1'000'000'000 + info.wall_nanoseconds;
    });
    return wall_time{duration{booted + system_time()}};
}

} // namespace uk
