// The host's own compiler as an input: found, fingerprinted, used in place inside the sandbox.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "build/store.hpp"

namespace uk::build {

/// Everything that takes part in a compilation, as it appears inside the sandbox.
struct toolchain {
    std::string name;                   ///< gcc
    std::string version;                ///< 12.2.0
    std::string architecture;           ///< x86_64
    std::string c, cxx, ar, objcopy, strip; ///< absolute paths
    std::string gcc_include;            ///< the compiler's own headers (stddef.h, …)
    std::vector<std::string> cxx_include; ///< libstdc++'s: c++/12, x86_64-linux-gnu/c++/12, c++/12/backward
    std::string library_folder;         ///< holds libstdc++.a, libgcc.a
    /// Folders and files of the host that the sandbox shows read-only, at the same path. Nothing else of the host is there.
    std::vector<std::filesystem::path> mounts;
    base::sha256 fingerprint; ///< over content and place of all programs, headers and libraries that take part
};

/// Finds g++ (12 or newer). The fingerprint is remembered in the store's index by size, times and inode of what it covers.
/// Errors: environment: what is missing, and the command that installs it.
base::result<toolchain> find_toolchain(store& memo);

} // namespace uk::build
