// What stands on the process's own command line arrives as boot parameters.
// targets: hosted
// boot: console=tty quiet
// expect-text: <console=tty quiet>
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run() {
    uk::platform::write_text("<");
    uk::platform::write_text(uk::platform::command_line());
    uk::platform::write_text(">\n");
    return {};
}
