// What can stand next on a command line, from the verbs and options as they are declared: what shells ask when Tab is pressed.
#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"

namespace uk::cli {

/// The words behind `uk`, as they were typed, quotes and all; the last is what has been typed of the next one, perhaps nothing. A line for each candidate, with
/// its description behind a tab; `:files` and `:folders` leave it to the shell. Never fails: without an application there
/// are no variants.
std::string complete(const CLI::App& app, const context& how, const std::vector<std::string>& words);

} // namespace uk::cli
