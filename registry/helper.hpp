// Starting uk-fetch, the program that talks to strangers.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace uk::registry {

struct answer {
    std::string problem; ///< "" or why not, which is the other side's fault
    std::string output;
};

/// Errors: environment: uk-fetch isn't there, a full disk; interrupted.
base::result<answer> ask_helper(const std::vector<std::string>& words);

} // namespace uk::registry
