// The index: every recipe that a resolution may choose from, by name and version. Recipes are parsed when first asked for.
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
    std::string registry; ///< `builtin`, or `path` for an override
    std::filesystem::path folder; ///< holds recipe.yaml and what lies beside it
    std::filesystem::path root; ///< of its registry: `folder:` origins are relative to it
    base::sha256 hash; ///< of recipe.yaml's bytes
};

/// One registry on disk: registry.yaml, recipes/<name>/<version>[-rN]/recipe.yaml and recipes/<name>/yanked.yaml.
class index {
  public:
    /// Reads names and versions only. Errors: input when `root` isn't a registry, a folder's name is no version, two
    /// names differ only in case, or a yanked.yaml is wrong.
    static base::result<index> open(const std::filesystem::path& root);
    index(index&&) noexcept;
    index& operator=(index&&) noexcept;
    ~index();

    const std::string& name() const; ///< from registry.yaml
    std::vector<std::string> names() const; ///< sorted
    std::vector<version> versions(const std::string& name) const; ///< newest first; empty: unknown
    /// The newest that isn't yanked, else the newest; empty: unknown.
    std::optional<version> newest(const std::string& name) const;
    /// Why a version is yanked; null: it isn't. Valid as long as the index.
    const yank* yanked(const std::string& name, const version& which) const;
    /// As versions, but unknown is an error: input, with the name that may have been meant.
    base::result<std::vector<version>> known_versions(const std::string& name) const;
    /// Errors: input, if the recipe is wrong or doesn't say the name and version of its folder. Valid as long as the index.
    base::result<const entry*> find(const std::string& name, const version& which) const;
    /// Names of components that implement `signature` in any version, sorted (reads every recipe once).
    base::result<std::vector<std::string>> implementers(const std::string& signature) const;
    /// Makes the recipes in these folders the only versions of their names (a project's own components).
    base::result<void> override_with(const std::vector<std::filesystem::path>& folders);

  private:
    struct state;
    explicit index(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

} // namespace uk::registry
