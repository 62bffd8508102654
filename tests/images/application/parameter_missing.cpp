// A parameter without a default must be given.
// manifest: parameters: {count: {type: int, range: [0, 10]}}
// expect-status: 64
// expect-text: count
// expect-no-text: running
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run(const app::parameters&) {
    uk::platform::write_text("running\n");
    return {};
}
