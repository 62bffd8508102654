// uk.lock: the complete, hashed answer for every variant of a manifest. YAML, sorted, one component a block, so that merges
// are small; written only when something changed.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "registry/recipe.hpp"
#include "resolver/resolution.hpp"

namespace uk::resolver {

/// One component as locked; the same version in several variants is one entry.
struct locked_component {
    std::string name;
    registry::version id;
    std::string registry;
    std::optional<base::sha256> recipe; ///< of recipe.yaml; none for `path` components
    std::optional<base::sha256> source; ///< tree digest; none for `path` components and those without a build
    friend bool operator==(const locked_component&, const locked_component&) = default;
};

/// One variant as locked: names, options and wiring.
struct locked_variant {
    std::string name; ///< in a workspace `application/variant`
    std::string target;
    std::map<std::string, std::string> components; ///< name → version
    std::map<std::string, std::string> signatures; ///< name → version
    std::map<std::string, std::map<std::string, std::string>>
        options; ///< component → option → value; those that differ from the default
    std::map<std::string, std::string> wiring; ///< hole → instance, image scope included
    std::map<std::string, std::string> alternatives;
    friend bool operator==(const locked_variant&, const locked_variant&) = default;
};

/// What images are compiled with: a component, or what the machine's own toolchain was when locked: an observation, not a hash to fetch by.
struct locked_toolchain {
    std::string name; ///< `gcc`; or a component's
    std::string version; ///< `12.2.0`
    std::optional<base::sha256> fingerprint; ///< of all that takes part; none: a component, with a block of its own
    std::map<std::string, base::sha256>
        parts; ///< of a machine's own: `compiler`, `headers`, …: what differs is named by
    friend bool operator==(const locked_toolchain&, const locked_toolchain&) = default;
};

/// Where recipes were: the hash of their tree, and of a git repository's also the commit.
struct locked_place {
    std::string git, branch, commit; ///< empty: a folder
    base::sha256 tree;
    friend bool operator==(const locked_place&, const locked_place&) = default;
};

struct lock {
    static constexpr int format = 1;
    std::string edition; ///< of uk's generator
    std::optional<locked_toolchain> toolchain;
    std::map<std::string, locked_place> registries; ///< by name
    std::map<std::string, locked_place> overrides; ///< by component: those from git
    std::vector<locked_component> components; ///< sorted by name, then version
    std::vector<locked_variant> variants; ///< sorted by name

    /// Null: it has none.
    const locked_component* component(const std::string& of, const registry::version& id) const;
    friend bool operator==(const lock&, const lock&) = default;
};

/// Errors: input with line and column; a format that is newer than this uk says so.
base::result<lock> parse_lock(std::string_view text, const std::string& file);
std::string write_lock(const lock& what);

/// The components and variants of `answers` (in the manifest's order). `sources`: `name version` → tree digest of those that have one;
/// components of registry `path` get no hash.
lock make_lock(const std::vector<resolution>& answers, const std::map<std::string, base::sha256>& sources);

/// A component's block, as make_lock writes it.
locked_component locked_block(const registry::entry& one, const std::optional<base::sha256>& source);

/// In a workspace, variants are locked as `application/variant`. The lock as one application sees it: its variants by their own names, and
/// everything else. "": no workspace; all of it.
lock part_of(const lock& whole, const std::string& application);
/// The components and variants of an application's lock, added.
void add_part(lock& whole, const lock& part, const std::string& application);

/// `gcc-debian 12.2.0`, or `a machine's own gcc 12.2.0`.
std::string in_words(const locked_toolchain& one);

/// What differs first, in words: `the variant kvm has clock 0.2.0 instead of 0.1.0`. Empty if nothing does.
std::string first_difference(const lock& before, const lock& after);

} // namespace uk::resolver
