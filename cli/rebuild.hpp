// uk build, where only contents of files have changed since the last time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/build.hpp"

namespace uk::cli {

/// What is kept of a build under a key of its own.
struct build_memory {
    base::json summary; ///< what `--json` prints
    std::string snapshot;
};
std::optional<build_memory> find_memory(build::store& store, const std::string& key);
base::result<void> keep(build::store& store, const std::string& key, const build_memory& what);
/// And what `rebuild` needs.
base::result<void> keep(build::store& store, const std::string& key, const build_memory& what, const session& s,
                        const built& all, const build::watched& watched);

/// Goes on from there, if lines `changed` of the snapshot are of files whose contents alone count: builds into dist/, keeps and returns
/// the new summary. None: the whole is to be built. `began`: as take_snapshot.
base::result<std::optional<base::json>> rebuild(const context& how, const build_options& asked, build::store& store,
                                                const std::string& key, const build_memory& before,
                                                const std::vector<std::size_t>& changed, std::int64_t began);

} // namespace uk::cli
