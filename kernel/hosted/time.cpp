// Time from Linux: read through the vDSO, the kernel's own code in the process, which needs no system call; else by one.
#include <uk/platform.hpp>

#include <hosted/process.hpp>
#include <hosted/vdso.hpp>
#include <uk/hosted/system_call.hpp>

UK_HOSTED_CALLS(uk::hosted::call::clock_gettime);

namespace uk {
namespace {

using reader = int (*)(int clock, hosted::timespec* out);

constexpr int clock_realtime = 0, clock_monotonic = 1;

int ask_kernel(int clock, hosted::timespec* out) {
    return static_cast<int>(hosted::system_call(hosted::call::clock_gettime, static_cast<long>(clock), out));
}

constinit reader read_clock = nullptr;
constinit std::int64_t started = 0;

std::int64_t nanoseconds(int clock) {
    hosted::timespec time{};
    read_clock(clock, &time);
    return time.seconds * 1'000'000'000 + time.nanoseconds;
}

} // namespace

void hosted::start_clock() {
    const std::uintptr_t found = self.vdso ? find_in_vdso(self.vdso, "__vdso_clock_gettime") : 0;
    read_clock = found ? reinterpret_cast<reader>(found) : ask_kernel;
    started = nanoseconds(clock_monotonic);
}

instant platform::now() { return instant{duration{nanoseconds(clock_monotonic) - started}}; }

result<wall_time> platform::wall_now() { return wall_time{duration{nanoseconds(clock_realtime)}}; }

} // namespace uk
