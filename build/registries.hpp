// The registries of a project, each as its lock has it or as it is now.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "build/store.hpp"
#include "registry/recipe.hpp"
#include "resolver/lock.hpp"

namespace uk::build {

struct open_options;

/// Folders that make up a registry; what else lies there is not part of it.
inline constexpr const char* registry_parts[] = {"recipes", "kernel"};

struct used_registry {
    std::string name;
    std::filesystem::path root; ///< where it lies
    resolver::locked_place at;
};

/// The built-in one, in `data`, then the manifest's. What was locked and is kept in the store is used as it was, with a warning where the
/// folder is another now; so a registry that is gone stops nothing. Errors: source: a repository can't be had, or has other bytes than were
/// locked; input: a folder is no registry.
base::result<std::vector<used_registry>>
use_registries(const registry::recipe& manifest, const std::optional<resolver::lock>& locked,
               const std::filesystem::path& folder, const std::filesystem::path& data, store& kept,
               const open_options& how, std::vector<base::diagnostic>& warnings);

/// A commit: the locked one, if `before` is of this repository and branch and `how` isn't fresh.
base::result<used_registry> use_git(const std::string& name, const registry::location& at,
                                    const resolver::locked_place* before, const std::filesystem::path& folder,
                                    store& kept, const open_options& how);

/// Copies it into the store, so that a later uk, with other recipes, still builds what this one has locked.
base::result<void> keep_registry(const store& kept, const used_registry& one);

} // namespace uk::build
