// recipes/<name>/yanked.yaml: versions that nothing new may choose, and why. Locks that have them stay as they are.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/result.hpp"
#include "registry/version.hpp"

namespace uk::registry {

struct yank {
    std::string reason; ///< one line
    base::place where;
};

/// Of the component in `folder`; nothing, where there is no yanked.yaml. `shown`: the file's name in messages. Errors: input, if it
/// isn't a mapping of versions to reasons.
base::result<std::map<version, yank>> read_yanked(const std::filesystem::path& folder, const std::string& shown);

} // namespace uk::registry
