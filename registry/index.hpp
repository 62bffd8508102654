// The index: every recipe that a resolution may choose from, by name and version, of all registries in use. A name belongs to one of them.
// Recipes are parsed when first asked for.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "registry/recipe.hpp"
#include "registry/yanked.hpp"

namespace uk::registry {

/// A recipe with its registry and the folder that it lies in.
struct entry {
    recipe content;
    std::string registry; ///< its name; `path` or `git` for an override
    std::filesystem::path folder; ///< holds recipe.yaml and what lies beside it
    std::filesystem::path root; ///< of its registry: `folder:` origins are relative to it
    base::sha256 hash; ///< of recipe.yaml's bytes
};

/// Registries on disk: each registry.yaml, recipes/<name>/<version>[-rN]/recipe.yaml and recipes/<name>/yanked.yaml.
class index {
  public:
    /// Reads names and versions only. Errors: input when `root` isn't a registry, a folder's name is no version, two
    /// names differ only in case, or a yanked.yaml is wrong.
    static base::result<index> open(const std::filesystem::path& root);
    index(); ///< of nothing
    index(index&&) noexcept;
    index& operator=(index&&) noexcept;
    ~index();

    /// The recipes of another registry as well. Errors: as open; input, when it isn't called `name`.
    base::result<void> add(const std::filesystem::path& root, const std::string& name, const base::place& where);
    /// Errors: input, when a name is in two registries and nothing overrides it: then nobody could tell which one is meant.
    base::result<void> check_names() const;

    std::vector<std::string> registries() const; ///< their names, the first one first
    std::vector<std::string> names() const; ///< sorted
    std::vector<version> versions(const std::string& name) const; ///< newest first; empty: unknown
    /// The newest that isn't yanked, else the newest; empty: unknown.
    std::optional<version> newest(const std::string& name) const;
    /// Why a version is yanked; null: it isn't. Valid as long as the index.
    const yank* yanked(const std::string& name, const version& which) const;
    /// As versions, but unknown is an error: input, with the name that may have been meant.
    base::result<std::vector<version>> known_versions(const std::string& name) const;
    /// Errors: input, if the recipe is wrong, doesn't say the name and version of its folder, or asks for a component of a registry that its
    /// own doesn't declare. Valid as long as the index.
    base::result<const entry*> find(const std::string& name, const version& which) const;
    /// Names of components that implement `signature` in any version, sorted (reads every recipe once). What can't be read implements
    /// nothing; its errors are added to `unread`.
    std::vector<std::string> implementers(const std::string& signature, std::vector<base::diagnostic>& unread) const;
    /// Makes the recipes in these folders the only versions of their names (a project's own components).
    base::result<void> override_with(const std::vector<std::filesystem::path>& folders);
    /// Makes the recipe in `folder` the only version of `name`; `kind`: `path` or `git`. Errors: input, when it isn't of that name.
    base::result<void> override_one(const std::string& name, const std::filesystem::path& folder,
                                    const std::string& kind, const base::place& where);

  private:
    struct state;
    explicit index(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

} // namespace uk::registry
