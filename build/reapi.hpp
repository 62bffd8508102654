// Remote Execution API v2 messages in canonical bytes: Command and Action (Directory is in base/directory.hpp). Locally and
// remotely an action's key is the SHA-256 of these. And ActionResult and Tree, which come back from strangers. Field numbers: build.bazel.remote.execution.v2, remote_execution.proto.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace uk::build::reapi {

/// Properties of the machine that an action needs: the toolchain's fingerprint, …; in both messages, as REAPI 2.2 asks.
using platform = std::map<std::string, std::string>;

struct command {
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    std::vector<std::string> output_files,
        output_folders; ///< as API 2.0 tells them apart; 2.1 and later know paths alone, and get those too
    platform needs;
};
std::string encode_command(const command& what);

/// Action over the digests of a command and an input root.
std::string encode_action(const base::digest& command, const base::digest& input_root, const platform& needs);

/// A file of a result or of a tree.
struct output_file {
    std::string path;
    base::digest blob;
    bool executable = false;
    friend bool operator==(const output_file&, const output_file&) = default;
};

/// ActionResult, as far as uk uses it.
struct result_message {
    std::vector<output_file> files;
    std::map<std::string, base::digest> folders; ///< path → its Tree
    std::string said; ///< standard output, then standard error
    int status = 0; ///< exit status
    std::vector<base::digest>
        said_elsewhere; ///< blobs with what was said, if it lies there: standard output, standard error
    bool is_plain = true; ///< when decoded: no symbolic link
    friend bool operator==(const result_message&, const result_message&) = default;
};
std::string encode_result(const result_message& what);
/// None: it isn't one.
std::optional<result_message> decode_result(std::string_view bytes);

/// Tree of these files; their paths are relative to it.
std::string encode_tree(const std::vector<output_file>& files);
/// Its files. None: it isn't one, has a symbolic link, a name that could lie elsewhere, a folder that isn't there, or is too
/// much (100,000 files, 32 folders deep).
std::optional<std::vector<output_file>> decode_tree(std::string_view bytes);

} // namespace uk::build::reapi
