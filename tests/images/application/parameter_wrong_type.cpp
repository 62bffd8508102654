// A boot parameter that can't be right ends the boot with what was expected, before anything else.
// manifest: parameters: {count: {type: int, default: 3, range: [0, 10]}}
// boot: --count=many
// expect-status: 64
// expect-text: expected
// expect-no-text: running
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run(const app::parameters&) {
    uk::platform::write_text("running\n");
    return {};
}
