// A panic is a crash for Xen and its tools, and readable for people.
// targets: xen
// expect-status: 126
// expect-text: uk: panic: on purpose
// expect-text: in fiber `digger`
// expect-text: uk: exit status 126
// expect-text: the guest crashed
#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    uk::fiber::scope others;
    UK_TRY(others.spawn([] { uk::platform::panic("on purpose"); }, {.name = "digger"}));
    return others.join();
}
