// A terminal of its own for a command, shown in the one that uk has: what the command pushes into it stays there.
#pragma once

#include <memory>

#include "base/result.hpp"

namespace uk::build {

/// While one lives, what is typed goes to the command byte by byte (Ctrl-C too), what it prints appears, and its size follows. At the
/// end the outer terminal is as it was.
class inner_terminal {
  public:
    /// Standard input and output are terminals. Errors: environment.
    static base::result<inner_terminal> open();
    inner_terminal(inner_terminal&&) noexcept;
    ~inner_terminal();

    int command_side() const; ///< for the command's standard streams

  private:
    struct state;
    explicit inner_terminal(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

} // namespace uk::build
