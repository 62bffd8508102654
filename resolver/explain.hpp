// Why a request has no answer, in sentences: who asks for what, where, and what could be changed.
#pragma once

#include <string>
#include <vector>

#include "resolver/solve.hpp"

namespace uk::resolver::facts {

/// How people are told.
struct telling {
    std::string asker; ///< what the request is called, such as the manifest's name
    std::vector<std::string> names; ///< of everything that there is: for suggestions
    bool hints = true; ///< they need solutions of changed requests
    std::size_t most = 0; ///< sentences, the first and the last of them; 0: all
};

/// `none` has no solution. Each of its lines is said once, the requirements from the request downwards, the same of several
/// versions as one. The hints are changes of the request that were tried and have an answer.
base::error explain(const index& known, const request& asked, const answer& none, const telling& how);

/// Changes of single lines of the request, of those in `none.because`, that have an answer, in words: at most three.
std::vector<std::string> ways_out(const index& known, const request& asked, const answer& none);

} // namespace uk::resolver::facts
