// Child processes, without a shell in between.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace uk::base {

struct command {
    std::vector<std::string> arguments;                              ///< [0] is looked up in PATH if it holds no `/`
    std::optional<std::map<std::string, std::string>> environment;   ///< none: inherited
    std::filesystem::path folder;                                    ///< empty: the current one
    std::string input;                                               ///< given on standard input
    int timeout_seconds = 0; ///< 0: none; then SIGTERM, SIGKILL a second later
    bool inherit_output = false; ///< the terminal's instead of captured
};

struct finished {
    int status = 0; ///< exit status, or 128 + signal
    std::string output, errors;
};

/// Runs it to its end; a Ctrl-C reaches the child and ends it. Errors: environment when it can't be started or timed out.
result<finished> run(const command& what);

/// Where a program is in PATH.
std::optional<std::filesystem::path> find_program(const std::string& name);

/// True once SIGINT or SIGTERM has arrived (after `catch_interrupts`): long work looks at it and ends with
/// status::interrupted.
void catch_interrupts();
bool is_interrupted();
/// Readable once it is so, for poll(2); -1 before catch_interrupts.
int interrupt_number();
/// In a process that was just forked: from now on its interrupts are its own.
void renew_interrupts();

/// While one lives, an interrupt ends the process at once with status 130: for long computations that leave nothing half done.
class at_once {
  public:
    at_once();
    ~at_once();
    at_once(const at_once&) = delete;
    at_once& operator=(const at_once&) = delete;
};

} // namespace uk::base
