// Does what the first boot word says: `echo`, `idle` or `flood`.
#include <string>
#include <string_view>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>
#include <uk/print.hpp>

using namespace std::chrono_literals;

namespace {

/// Says back what comes, and when nothing came for 300 ms.
uk::result<void> echo(needs::console& console) {
    for (;;) {
        std::byte in[64];
        uk::fiber::deadline limit{300ms};
        const auto got = console.read(in);
        if (!got && got.error() != uk::error::timed_out) return got.error();
        if (got && *got == 0) return uk::print(console, "end\n");
        if (got) {
            UK_TRY(uk::print(console, "got {}", std::string_view(reinterpret_cast<const char*>(in), *got)));
        } else {
            uk::platform::write_text("timed out\n");
        }
    }
}

/// Waits for input without any deadline.
uk::result<void> idle(needs::console& console) {
    UK_TRY(uk::print(console, "waiting\n"));
    std::byte in[64];
    const auto got = console.read(in);
    return got ? uk::print(console, "woken by {} bytes\n", *got) : uk::result<void>{got.error()};
}

/// Writes a megabyte while another fiber counts: a slow reader holds up the writer, not the image.
uk::result<void> flood(needs::console& console) {
    int ticks = 0;
    uk::fiber::scope others;
    UK_TRY(others.spawn([&ticks]() -> uk::result<void> {
        for (;;) {
            UK_TRY(uk::fiber::sleep(10ms));
            ++ticks;
        }
    }));
    std::string lines; // 64 KiB: more than a pipe that says it is ready surely takes
    for (int i = 0; i < 64; ++i) lines += std::string(1023, 'x') + '\n';
    for (int i = 0; i < 16; ++i) UK_TRY(console.write(lines));
    others.cancel();
    return uk::print(console, "ticks {}\n", ticks);
}

} // namespace

uk::result<void> run(needs::console& console) {
    const std::string_view what = uk::platform::command_line();
    return what == "echo" ? echo(console) : what == "idle" ? idle(console) : flood(console);
}
