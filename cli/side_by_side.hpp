// Several programs at once at one terminal: each line of each with its name in front. None outlives us.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace uk::cli {

struct named_program {
    std::string name;
    std::vector<std::string> words; ///< [0] is a path
};

/// Runs them until all have ended; standard input is empty. Returns their statuses, 128 + signal for a killed one.
/// Ctrl-C and SIGTERM end them all; five seconds later they are killed. Errors: environment; interrupted, and none runs.
base::result<std::vector<int>> run_side_by_side(const std::vector<named_program>& programs, bool colour);

} // namespace uk::cli
