// Sources: from addresses to a tree of files whose hash is known, fetched once and kept in the store's `sources/`.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "registry/index.hpp"

namespace uk::registry {

struct source_tree {
    std::filesystem::path folder;   ///< read-only; don't write
    base::sha256 tree;              ///< REAPI Directory digest of it
    bool is_kept = false;           ///< in the store's own folder: it never changes
};

struct source_options {
    std::filesystem::path store;    ///< $UK_HOME/sources
    bool offline = false;           ///< never fetch; error with what is missing
    std::function<void(const std::string&)> progress; ///< "fetching musl_1.2.3.orig.tar.gz (1.0 MiB)"; may be empty
};

/// The source tree of a component: its origins unpacked and patched, or what lies beside its recipe when it has none
/// (then `folder` is the recipe's own folder). Fetched files are kept by their SHA-256 and never fetched twice.
/// Errors: source: each address that was tried and why it failed; a hash that differs says both.
base::result<source_tree> fetch(const entry& component, const source_options& how);

/// REAPI Directory digest of a folder: regular files (with their executable bit) and folders only.
base::result<base::sha256> tree_digest(const std::filesystem::path& folder);

} // namespace uk::registry
