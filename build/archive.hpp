// A plan in one file: its actions, and all that they read. From it the same bytes are made without manifest, lock, registry, resolver or
// planner, by uk or by any program that can read tar and JSON: docs/reference/archives.md.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "build/action.hpp"
#include "build/engine.hpp"
#include "build/store.hpp"
#include "build/toolchain.hpp"

namespace uk::build {

/// Writes `file`: the same bytes for the same plan, of which it has what the results need, and no checks. `done`: what came of
/// it, so that whoever builds the archive can tell that it came out the same. `application`: its name, for people. Returns how large
/// it is. Errors: failed: an input changed meanwhile; environment: it can't be written.
base::result<std::uint64_t> write_archive(const plan& what, const outcome& done, const toolchain& tools,
                                          const std::string& application, store& from,
                                          const std::filesystem::path& file);

struct opened_archive {
    plan what; ///< its inputs lie in the store's scratch folder
    std::string application;
    std::map<std::string, base::sha256>
        came_out; ///< results that actions make, by path: what they were when it was archived
    std::optional<std::string>
        host_toolchain; ///< the platform's property that its actions were keyed with; none: its toolchain is in it
};

/// Reads an archive, and puts what its actions read into `scratch`, an empty folder. Everything is verified against its hash, and every path
/// and reference checked. Errors: input: what is wrong with it, and where.
base::result<opened_archive> open_archive(const std::filesystem::path& file, const std::filesystem::path& scratch);

} // namespace uk::build
