// Starting uk-fetch, the program that talks to strangers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace uk::registry {

/// Where uk-fetch is. Errors: environment: it isn't there.
base::result<std::filesystem::path> find_helper();
/// Where uk-remote is, which speaks gRPC. Errors: environment: it isn't there, since uk was built without gRPC.
base::result<std::filesystem::path> find_remote_helper();

struct answer {
    std::string problem; ///< "" or why not, which is the other side's fault
    std::string output;
};

/// Errors: environment: uk-fetch isn't there, a full disk; interrupted.
base::result<answer> ask_helper(const std::vector<std::string>& words);

} // namespace uk::registry
