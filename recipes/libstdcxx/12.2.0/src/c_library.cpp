// Where the C library meets the platform: text, time and the end. It is written in C++, as the platform's interface is, and
// so lies here, not with the C library (whose own side is recipes/musl/1.2.3/port).
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include <sys/time.h>

#include <uk/platform.hpp>

namespace {

timespec split(uk::duration time) {
    // Floor division: civil time before 1970 has a positive fraction as well.
    auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return {.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
}

} // namespace

extern "C" {

__attribute__((visibility("hidden"))) void port_write_text(const char* text, std::size_t size) {
    if (size != 0) uk::platform::write_text({text, size});
}

int clock_gettime(clockid_t clock, timespec* out) {
    if (clock == CLOCK_MONOTONIC) {
        *out = split(uk::platform::now().time_since_epoch());
        return 0;
    }
    if (clock == CLOCK_REALTIME) {
        if (auto wall = uk::platform::wall_now()) {
            *out = split(wall->time_since_epoch());
            return 0;
        }
    }
    errno = EINVAL;
    return -1;
}

time_t time(time_t* out) {
    timespec now;
    const time_t seconds = clock_gettime(CLOCK_REALTIME, &now) == 0 ? now.tv_sec : -1;
    if (out != nullptr) *out = seconds;
    return seconds;
}

int timespec_get(timespec* out, int base) {
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, out) == 0 ? base : 0;
}

int gettimeofday(timeval* out, void*) {
    timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    *out = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

/// Processor time; an image can't tell it from time since boot.
clock_t clock() { return uk::platform::now().time_since_epoch().count() / (1'000'000'000 / CLOCKS_PER_SEC); }

/// There is no environment: parameters are declared in recipes (uk/parameters.hpp).
char* getenv(const char*) { return nullptr; }

void abort() { uk::platform::panic("abort() was called"); }
void exit(int status) { uk::platform::exit(status & 0xff); }
void _Exit(int status) { uk::platform::exit(status & 0xff); }

__attribute__((visibility("hidden"))) void port_assert(const char* expression) { uk::platform::panic(expression); }

} // extern "C"
