// What every verb is given: where to work, how to speak. Made once by main and handed on.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/json.hpp"
#include "base/result.hpp"

namespace uk::cli {

struct context {
    std::filesystem::path folder = "."; ///< -C
    std::string project; ///< -p; in_workspace makes a folder of it
    bool json = false;                  ///< --json: one JSON value on standard output
    bool terminal = false;              ///< standard error is a terminal: progress is drawn
    bool colour = false;                ///< on standard error; NO_COLOR and --json turn it off

    /// What `uk` was built with as data: registry.yaml, recipes/, kernel/, targets/. Beside the program, or above it in a
    /// build tree. Errors: environment.
    base::result<std::filesystem::path> data_folder() const;
    /// `$UK_HOME` and so on.
    base::result<std::filesystem::path> home() const;

    void print(std::string_view text) const; ///< data, to standard output
    void say(std::string_view text) const; ///< talk, to standard error, with a newline
    void warn(const base::diagnostic& what) const;
};

/// A verb: adds its subcommand to `app`; when chosen, `chosen` is set to what runs it. Returns the exit status.
using verb = std::function<base::result<int>(context&)>;
using verb_adder = void (*)(CLI::App& app, verb& chosen);

void add_archive(CLI::App& app, verb& chosen);
void add_init(CLI::App& app, verb& chosen);
void add_lock(CLI::App& app, verb& chosen);
void add_check(CLI::App& app, verb& chosen);
void add_build(CLI::App& app, verb& chosen);
void add_plan(CLI::App& app, verb& chosen);
void add_log(CLI::App& app, verb& chosen);
void add_shell(CLI::App& app, verb& chosen);
void add_verify(CLI::App& app, verb& chosen);
void add_cache(CLI::App& app, verb& chosen);
void add_run(CLI::App& app, verb& chosen);
void add_dev(CLI::App& app, verb& chosen);
void add_test(CLI::App& app, verb& chosen);
void add_inspect(CLI::App& app, verb& chosen);
void add_graph(CLI::App& app, verb& chosen);
void add_tree(CLI::App& app, verb& chosen);
void add_why(CLI::App& app, verb& chosen);
void add_why_not(CLI::App& app, verb& chosen);
void add_add(CLI::App& app, verb& chosen);
void add_remove(CLI::App& app, verb& chosen);
void add_update(CLI::App& app, verb& chosen);
void add_outdated(CLI::App& app, verb& chosen);
void add_solve(CLI::App& app, verb& chosen);
void add_targets(CLI::App& app, verb& chosen);
void add_doctor(CLI::App& app, verb& chosen);
void add_completion(CLI::App& app, verb& chosen);
void add_man(CLI::App& app, verb& chosen);

} // namespace uk::cli
