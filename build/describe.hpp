// What a bundle is made of, for other people's tools: an SPDX document (sbom.spdx.json) and an in-toto statement with SLSA
// provenance (provenance.intoto.json). Both say only what the lock, the plan and its outcome say: no time, no path of this
// machine, no user, no chance. docs/reference/bundle.md has every field.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "build/project.hpp"

namespace uk::build {

/// A file of a bundle or of the application, by its path there.
struct described_file {
    std::string path;
    base::sha256 hash;
    bool is_folder = false; ///< then the hash is its tree's
    friend auto operator<=>(const described_file&, const described_file&) = default;
};

/// One variant's bundle, built.
struct bundle {
    const project& from;
    const settled& how;
    const toolchain& tools;
    const registry::variant& variant;
    const resolver::resolution& answer;
    std::string version; ///< of uk: `0.1.0`
    bool sandbox = true;
    std::string image; ///< which of the files boots
    std::vector<described_file> files; ///< sorted by path, as are
    std::vector<described_file> sources; ///< what of the application's own was read
};

/// SPDX 2.3.
base::json sbom_of(const bundle& what);
/// in-toto Statement v1 about the bundle's files, SLSA Provenance v1.
base::json provenance_of(const bundle& what);

/// The first address of each of a component's origins that is fetched; others lead to the same tree.
std::vector<const registry::address*> fetched_by(const registry::recipe& component);
/// As recipes write it: `debian:SOURCE/VERSION/FILE`, or its URL.
std::string uri_of(const registry::address& from);
/// A package URL: `pkg:generic/musl@1.2.3`.
std::string package_url(const std::string& name, const registry::version& id);

struct description {
    const project& from;
    const settled& how;
    const toolchain& tools;
    std::string version;
    bool sandbox = true;
};
/// Adds both files to the results of each variant that `what` makes an image of. `done`: its outcome. Errors: environment: uk.yaml can't
/// be read.
base::result<void> describe(plan& what, const outcome& done, const description& how);

} // namespace uk::build
