// Remote Execution API v2 messages in canonical bytes: Command and Action (Directory is in base/directory.hpp). Locally and
// remotely an action's key is the SHA-256 of these. Field numbers: build.bazel.remote.execution.v2, remote_execution.proto.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/digest.hpp"

namespace uk::build::reapi {

/// Properties of the machine that an action needs: the toolchain's fingerprint, …; in both messages, as REAPI 2.2 asks.
using platform = std::map<std::string, std::string>;

struct command {
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    std::vector<std::string> output_paths;
    platform needs;
};
std::string encode_command(const command& what);

/// Action over the digests of a command and an input root.
std::string encode_action(const base::digest& command, const base::digest& input_root, const platform& needs);

} // namespace uk::build::reapi
