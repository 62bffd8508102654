// A project on disk: its manifest, its lock, the components it can use; and the way from there to a bundle.
// Each step takes values and returns a value; the verbs of the command line only put them together.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "build/engine.hpp"
#include "build/plan.hpp"
#include "build/registries.hpp"
#include "build/snapshot.hpp"
#include "build/workspace.hpp"
#include "registry/index.hpp"
#include "registry/source.hpp"
#include "resolver/lock.hpp"
#include "resolver/resolution.hpp"

namespace uk::build {

/// What uk itself contributes to images: wiring, flags, packers. Written into locks; changes when they change.
inline constexpr const char* edition = "2026.1";

struct project {
    std::filesystem::path folder; ///< of the application
    std::filesystem::path top; ///< has uk.lock, uk.local.yaml and recipes/: a workspace's, else the same
    registry::recipe manifest; ///< with the registries and overrides of its workspace
    std::string application; ///< in a workspace its name; else empty
    std::vector<registry::recipe> others; ///< the workspace's other applications, by name
    registry::index components;
    std::optional<resolver::lock> locked; ///< the whole workspace's
    const registry::entry* toolchain = nullptr; ///< that settle_toolchain chose; null: the host's own
    std::vector<used_registry> registries; ///< the built-in one, then the manifest's by name
    std::map<std::string, resolver::locked_place> overrides; ///< component → the commit that it comes from
    std::vector<std::filesystem::path>
        own; ///< folders of components that are nobody else's: recipes/, overrides by path
    bool is_local = false; ///< uk.local.yaml overrides something: the lock stays as it is
    std::vector<base::diagnostic> warnings;
};

struct open_options {
    bool fresh = false; ///< registries as they are now, whatever the lock has
    bool locked = false; ///< uk.local.yaml is an error
    bool offline = false;
    std::function<void(const std::string&)> progress = {};
};

/// Reads uk.yaml, uk.local.yaml and uk.lock of `folder`, opens the registry in `data` and those of the manifest (where the lock has another state
/// of one and the store has kept it, that one), and adds the project's own components: recipes/<name>/<version>/ beside uk.yaml,
/// and `overrides:`. In a workspace all of that lies at its top.
base::result<project> open_project(const std::filesystem::path& folder, const std::filesystem::path& data, store& kept,
                                   const open_options& how);

struct settle_options {
    bool locked = false; ///< error (outdated) instead of changing the lock
    bool offline = false;
    bool renew = false; ///< resolve anew (keeping locked versions) even if the lock answers
    std::vector<std::string> update; ///< components that are to move to their newest versions
    bool accept_toolchain = false; ///< write this machine's toolchain into the lock
    std::function<void(const std::string&)> progress;
};

/// What the manifest's `toolchain:` asks for, fetched; else the host's own. Errors: input: there is no such component, or no version of it;
/// outdated: the locked one isn't there any more; as registry::fetch and find_toolchain.
base::result<toolchain> settle_toolchain(project& what, store& into, const settle_options& how);

/// Every variant of the manifest (and of a workspace's other applications), resolved; what is in the lock is kept. Writes uk.lock when
/// it changed.
struct settled {
    std::vector<resolver::resolution> answers; ///< in the manifest's order
    std::map<std::string, registry::source_tree> sources; ///< `name version` → tree
    resolver::lock lock;
    resolver::lock part; ///< of it, as this application sees it
    bool lock_written = false;

    /// Of a variant of the manifest.
    const resolver::resolution& answer(const std::string& variant) const {
        return *std::ranges::find(answers, variant, &resolver::resolution::variant);
    }
};
base::result<settled> settle(project& what, const toolchain& tools, store& into, const settle_options& how);

/// Fetches what `answer` is made of and `sources` (`name version` → tree) hasn't got yet.
base::result<void> fetch_sources(const resolver::resolution& answer, store& into, const settle_options& how,
                                 std::map<std::string, registry::source_tree>& sources);
/// component → its tree, of all that `answer` is made of.
std::map<std::string, registry::source_tree> sources_of(const resolver::resolution& answer,
                                                        const std::map<std::string, registry::source_tree>& sources);

/// One variant's plan.
base::result<plan> plan_variant(const project& what, const settled& how, const toolchain& tools,
                                const std::string& variant, bool check_only, bool conformance);

/// Everything on disk that the answer to `uk build` depends on: for a snapshot. To be asked before it is planned.
watched depends_on(const project& what, const settled& how, const toolchain& tools);

/// The variants that `names` ask for (none: all), in the manifest's order. Errors: usage, with suggestions.
base::result<std::vector<const registry::variant*>> chosen_variants(const registry::recipe& manifest,
                                                                    const std::vector<std::string>& names);

} // namespace uk::build
