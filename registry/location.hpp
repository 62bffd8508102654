// Where recipes lie that aren't built in: `registries:` and `overrides:` of a manifest, `overrides:` of uk.local.yaml.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace uk::registry {

/// A folder, or a part of a git repository's commit.
struct location {
    std::string path; ///< absolute or relative to the file that says it, with `..` at will; empty: git
    std::string git; ///< https URL (http of this machine), or a folder
    std::string branch, commit; ///< at most one; neither: the branch that the repository's HEAD names
    std::string folder; ///< in the repository; empty: its root
    base::place where;

    bool is_git() const { return path.empty(); }
};

/// uk.local.yaml: `overrides:` by path, of one's own machine.
base::result<std::map<std::string, location>> parse_local(std::string_view text, const std::string& file);

} // namespace uk::registry
