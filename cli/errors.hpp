// How errors leave the program: rendered for people on standard error, as JSON on standard output with --json.
#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"

namespace uk::cli {

/// Prints the error; returns its exit status.
int report(const context& how, const base::error& what);

/// CLI11's complaint in our words, with a suggestion for a mistyped verb.
base::error usage_error(const CLI::App& app, const CLI::ParseError& problem, const std::vector<std::string>& words);

} // namespace uk::cli
