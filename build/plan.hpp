// From a resolution to a plan: which files are compiled how, linked how, packed how. No decision is left for the engine.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "build/action.hpp"
#include "build/toolchain.hpp"
#include "registry/recipe.hpp"
#include "registry/source.hpp"
#include "resolver/resolution.hpp"

namespace uk::build {

struct plan_request {
    const registry::recipe* manifest = nullptr;
    std::filesystem::path project; ///< folder of uk.yaml
    const registry::variant* variant = nullptr;
    const resolver::resolution* answer = nullptr;
    const toolchain* tools = nullptr;
    std::map<std::string, registry::source_tree> sources; ///< component → its tree
    bool check_only = false; ///< only the archetype and wiring checks
    bool conformance = false; ///< the conformance suites instead of the application
    std::vector<std::string> tests; ///< sources: an image for each, which begins at that file's `run`
};

/// Errors: input: a glob that matches nothing, a layout that isn't there, …
base::result<plan> make_plan(const plan_request& what);

/// The part of a glob before its first wildcard's folder: `src` of `src/**.cpp`, "" of `*.cpp`.
std::string glob_root(const std::string& glob);

} // namespace uk::build
