// Verbs in a workspace: for the application that -p names, or, at its top, for each.
#pragma once

#include <string>

#include "cli/context.hpp"

namespace uk::cli {

/// Runs `chosen` where it belongs. At the top of a workspace and without -p: `build`, `check` and `test` for each application in turn (the first
/// that fails ends it), `lock` and `update` once for all. Errors: usage: -p outside a workspace, or names none of it.
base::result<int> in_workspace(context& how, const std::string& name, const verb& chosen);

} // namespace uk::cli
