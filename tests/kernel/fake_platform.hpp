// A platform for tests on the host: a clock that jumps to whatever is waited for, interrupts that the test plans, and a count
// of what was used. Deterministic; nothing sleeps.
#pragma once

#include <cstddef>
#include <functional>
#include <map>

#include <uk/time.hpp>

namespace uk::fake {

struct machine {
    instant now{};
    std::multimap<instant, std::function<void()>> interrupts; ///< what happens when, while somebody waits
    std::size_t stacks = 0; ///< allocated and not freed
    std::size_t most_stacks = 0;
    std::size_t stack_limit = SIZE_MAX;
    std::size_t sleeps = 0; ///< waits that really had to wait
    std::size_t looks = 0; ///< waits that hadn't
};

/// The one machine of the test program, fresh for each test.
machine& the_machine();
void reset();

} // namespace uk::fake
