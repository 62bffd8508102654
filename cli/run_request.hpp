// What `uk run` and `uk dev` have in common: which variant is meant, and how its image is run.
#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "targets/runner.hpp"

namespace uk::cli {

struct run_options {
    std::string machine;
    bool all = false, emulate = false, tap = false, locked = false, offline = false;
    std::vector<std::string> targets, parameters, publish;
};

/// Adds all of them but `--all` and `--target`.
void add_run_options(CLI::App& verb, run_options& asked);

/// The variants that `asked` means: without `--target` the only one, or the one named hosted. Errors: usage; as of uk.yaml.
base::result<std::vector<std::string>> variants_of(const context& how, const run_options& asked);

/// Of a variant that was built into `dist` (none: dist/). Errors: usage: an option is for other variants.
base::result<targets::run_request> request_of(const context& how, const run_options& asked, const std::string& variant,
                                              const std::filesystem::path& dist = {});

/// Chooses where the image is reached. Errors: usage; environment: a port that was asked for is taken.
base::result<void> choose_ports(targets::run_request& request, bool dry_run);

/// Is there a card for `--tap`? Else an error, usage.
bool has_tap(const targets::run_configuration& how);
base::error no_tap(const targets::run_configuration& how, const std::string& variant);

} // namespace uk::cli
