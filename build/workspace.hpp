// The workspace that a folder belongs to, on disk.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "registry/recipe.hpp"
#include "registry/workspace.hpp"

namespace uk::build {

struct workspace {
    struct application {
        std::filesystem::path folder;
        registry::recipe manifest;
    };
    std::filesystem::path root; ///< holds its uk.yaml and uk.lock
    registry::workspace content;
    std::map<std::string, application> applications; ///< by name
    std::vector<std::filesystem::path> components; ///< folders with a recipe.yaml, sorted

    /// The application in that folder; null: it is none of them.
    const application* in(const std::filesystem::path& folder) const;
    std::string names() const; ///< of its applications, for messages
};

/// The workspace whose top `folder` is; none, where no uk.yaml says `workspace:`. Errors: input: what it names isn't there, two applications
/// have one name, or one says itself what the workspace has to say.
base::result<std::optional<workspace>> workspace_at(const std::filesystem::path& folder);
/// The nearest one above that has the application in `folder`; none outside. Errors: as above.
base::result<std::optional<workspace>> workspace_of(const std::filesystem::path& folder);

/// That of either kind.
base::result<std::optional<workspace>> find_workspace(const std::filesystem::path& folder);

} // namespace uk::build
