// Remote Execution API v2 messages in canonical bytes (protobuf wire format): Directory, Command, Action. Locally and
// remotely an action's key is the SHA-256 of these. Field numbers: build.bazel.remote.execution.v2, remote_execution.proto.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/digest.hpp"

namespace uk::build::reapi {

struct file_node {
    std::string name;
    base::digest blob;
    bool executable = false;
};

struct directory_node {
    std::string name;
    base::digest directory;
};

/// Directory; sorts its nodes by name as bytes.
std::string encode_directory(std::vector<file_node> files, std::vector<directory_node> folders);

struct command {
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    std::vector<std::string> output_paths;                 ///< sorted
    std::map<std::string, std::string> platform;           ///< properties, sorted: the toolchain's fingerprint, …
};
std::string encode_command(const command& what);

/// Action over the digests of a command and an input root.
std::string encode_action(const base::digest& command, const base::digest& input_root,
                          const std::map<std::string, std::string>& platform);

} // namespace uk::build::reapi
