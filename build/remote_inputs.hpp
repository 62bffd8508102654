// All that a server needs to execute an action, blob by blob: the messages, and every file of the input root.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <variant>

#include "build/action_key.hpp"

namespace uk::build {

/// Where a blob's bytes are: here, in a file of the host, or in the store.
struct in_store {};
using blob_source = std::variant<std::string, std::filesystem::path, in_store>;
using blob_sources = std::map<base::digest, blob_source>;

struct remote_task {
    const plan& what;
    const std::vector<action_outcome>& so_far; ///< of the actions that this one reads
    const key_finder& keys;
    std::size_t index = 0;
    const keyed_action& keyed;

    const action& self() const { return what.actions[index]; }
};

/// What the action's key stands for, but for the content of its folders.
blob_sources sources_of(const remote_task& one);

/// Files and Directories of a folder. Errors: input: it can't be read; failed: it isn't `tree` any more.
base::result<blob_sources> sources_of(const host_folder& folder, const base::digest& tree);

/// Verified. Errors: failed: a file of the host isn't any more what it was; source: the store's blob is gone or wrong.
base::result<std::string> load(store& from, const base::digest& blob, const blob_source& source);

} // namespace uk::build
