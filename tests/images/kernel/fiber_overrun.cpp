// A fiber that needs more than its stack ends the image, which says which fiber it was.
// expect-status: 126
// expect-text: uk: panic: stack overflow: fiber `glutton` needs more than its
// expect-no-text: still here
#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

[[gnu::noinline]] static int deeper(int depth) {
    volatile char room[200];
    room[0] = static_cast<char>(depth);
    return depth == 0 ? 0 : deeper(depth - 1) + room[0];
}

uk::result<void> run() {
    uk::fiber::scope s;
    UK_TRY(s.spawn([] { (void)uk::fiber::sleep(uk::duration::max()); }, {.name = "innocent"}));
    UK_TRY(s.spawn(
        [] {
            volatile int depth = 100'000;
            uk::platform::write_text(deeper(depth) ? "still here\n" : "still here!\n");
        },
        {.name = "glutton"}));
    return s.join();
}
