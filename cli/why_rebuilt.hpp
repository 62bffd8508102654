// uk why --rebuilt: what changed between two runs of an action, from what the store keeps of both.
#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"

namespace uk::cli {

/// Of `action` (as find_actions takes it), whether it has run or would run now. Empty: of all that the last build ran.
base::result<int> why_rebuilt(context& how, const std::string& action, const std::vector<std::string>& targets);

} // namespace uk::cli
