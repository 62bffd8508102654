// What images are compiled with: a component's tree, part of each action's inputs; or the host's own compiler, found, fingerprinted and used
// in place inside the sandbox.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "build/action.hpp"
#include "build/store.hpp"
#include "registry/index.hpp"
#include "registry/source.hpp"

namespace uk::build {

/// Everything that takes part in a compilation, as it appears inside the sandbox.
struct toolchain {
    std::string name; ///< gcc; of a component its name
    std::string version; ///< 12.2.0
    std::string architecture; ///< x86_64
    std::string c, cxx, ar, objcopy, strip; ///< absolute paths; of a component relative to the action's root
    std::string gcc_include; ///< the compiler's own headers (stddef.h, …)
    std::vector<std::string> cxx_include; ///< libstdc++'s: c++/12, x86_64-linux-gnu/c++/12, c++/12/backward
    std::string library_folder; ///< holds libstdc++.a, libgcc.a
    /// Folders and files of the host that the sandbox shows read-only, at the same path. Nothing else of the host is there.
    std::vector<std::filesystem::path> mounts;
    base::sha256
        fingerprint; ///< over content and place of all programs, headers and libraries that take part; of a component its tree
    std::map<std::string, base::sha256> parts = {}; ///< of the host's own: `compiler`, `headers`, …, for people
    std::optional<input> tree = {}; ///< of a component: what every action gets beside its own inputs
    std::map<std::string, std::string> environment = {}; ///< of a component: what every action gets
    std::string programs = "/usr/bin"; ///< folder of what `run` steps start
};

/// Finds g++ (12 or newer). The fingerprint is remembered in the store's index by size, times and inode of what it covers.
/// Errors: environment: what is missing, and the command that installs it.
base::result<toolchain> find_toolchain(store& memo);

/// A component of kind toolchain, with its tree. Errors: source: a part that its recipe names isn't in the tree.
base::result<toolchain> toolchain_of(const registry::entry& component, const registry::source_tree& tree);

} // namespace uk::build
