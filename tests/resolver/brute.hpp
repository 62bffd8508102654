// The answer by brute force: list every solution of a small universe, then take the first in the order of
// docs/explanation/resolution.md by striking out. Shares no code with resolver/.
#pragma once

#include <optional>
#include <string>

#include "resolver/resolver.hpp"

namespace uk::resolver::testing {

struct brute_answer {
    bool too_large = false; ///< gave up listing; says nothing
    std::size_t solutions = 0;
    std::string lines; ///< as lines_of; empty: no solution
};

brute_answer brute_force(const request& what, std::size_t most);

} // namespace uk::resolver::testing
