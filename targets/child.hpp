// A program that takes this process's place at the terminal for a while: it has our standard input and error, and its output
// is ours or goes through a function. It never outlives us, and the terminal is afterwards as it was before.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace uk::targets {

struct child {
    std::vector<std::string> words; ///< [0] is looked up in PATH if it holds no `/`
    std::function<void(std::string_view)> output; ///< gets its standard output; empty: it has ours
    int descriptor = -1; ///< one more that it inherits, under the same number
    std::vector<int> namespaces; ///< that it enters, in this order; none: it stays in ours
};

/// Runs it to its end and returns what waitpid(2) says. Ctrl-C and SIGTERM are handed on; two seconds later it is killed.
/// Errors: interrupted then; environment, if it can't be started.
base::result<int> run_at_terminal(const child& what);

} // namespace uk::targets
