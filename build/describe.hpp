// What a bundle is made of, for other people's tools: an SPDX document (sbom.spdx.json) and an in-toto statement with SLSA
// provenance (provenance.intoto.json). Both say only what the lock, the plan and its outcome say: no time, no path of this
// machine, no user, no chance. docs/reference/bundle.md has every field.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "build/document.hpp"
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

/// SPDX 2.3. Its name holds gap_for(own_hash).
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

/// Both documents of a bundle, with gaps for the hashes of its files (as the plan orders them), of the first document, of the sources.
struct bundle_documents {
    std::string folder; ///< in dist/: `kvm/`
    document sbom, provenance;
};
struct described_bundle {
    bundle_documents documents;
    std::vector<described_file> sources; ///< as bundle::sources
};
/// Of each variant that `what` makes an image of. `done`: its outcome. Errors: environment: uk.yaml can't be read.
base::result<std::vector<described_bundle>> describe(const plan& what, const outcome& done, const description& how);

/// Adds them, filled, to the plan's results. `sources`: hashes.
void add_documents(plan& what, const outcome& done, bundle_documents all, const std::vector<base::sha256>& sources);
void add_documents(plan& what, const outcome& done, const std::vector<described_bundle>& all);
std::vector<base::sha256> hashes_of(const std::vector<described_file>& all);

/// Is it, by its path in dist/, one that add_documents adds?
bool is_document(std::string_view path);

/// Files of the application's own are inputs of that name in front.
inline constexpr std::string_view own_place = "app/";
bool is_own(const input& in);

} // namespace uk::build
