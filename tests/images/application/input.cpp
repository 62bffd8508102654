// Nothing is ever typed: a read of the console ends at its end or at a deadline, never with made-up bytes.
// needs: console: console ^0.1
// expect-text: nothing was typed
#include <uk/fiber.hpp>
#include <uk/needs.hpp>

using namespace std::chrono_literals;

uk::result<void> run(needs::console& console) {
    const uk::fiber::deadline limit{50ms};
    std::byte in[16];
    const auto got = console.read(in);
    if (got ? *got != 0 : got.error() != uk::error::timed_out) return uk::ended(1);
    return console.write("nothing was typed\n");
}
