// Text far longer than the console's ring (2 KiB) arrives whole: from a fiber, which waits for room, and as text of last resort.
// targets: xen
// needs: console: console ^0.1
// requires: print: ^0.1
// expect-text: line 0 of 1000 by a fiber
// expect-text: line 500 of 1000 by a fiber
// expect-text: line 999 of 1000 by a fiber
// expect-text: another fiber ran meanwhile: yes
// expect-text: line 0 of 1000 by the platform
// expect-text: line 999 of 1000 by the platform
#include <string>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>
#include <uk/print.hpp>

namespace {

std::string lines(std::string_view by) {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += "line ";
        text += std::to_string(i);
        text += " of 1000 by ";
        text += by;
        text += '\n';
    }
    return text;
}

} // namespace

uk::result<void> run(needs::console& console) {
    const std::string text = lines("a fiber");
    bool written = false, ran = false;
    uk::fiber::scope others;
    UK_TRY(others.spawn([&] { ran = !written; }));
    UK_TRY(console.write(text));
    written = true;
    UK_TRY(others.join());
    UK_TRY(uk::print(console, "another fiber ran meanwhile: {}\n", ran ? "yes" : "no"));
    uk::platform::write_text(lines("the platform"));
    return {};
}
