// The store as a folder that grows: what it holds, whether that is what its names say, and what may go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "build/store.hpp"

namespace uk::build {

/// A part of the store, by its folder's or file's name.
struct store_part {
    std::string name;
    std::size_t files = 0;
    std::uint64_t bytes = 0; ///< on the disk
};
/// cas, sources, registries, editors, quarantine, tmp, index.sqlite; also those that are empty.
std::vector<store_part> parts_of(const store& of);

struct store_check {
    std::size_t files = 0; ///< that were read
    std::uint64_t bytes = 0;
    std::vector<std::string> wrong; ///< below the store: what isn't as its name says; it is in quarantine/ now
};
/// Hashes every blob, fetched file and source tree. What is wrong is made or fetched anew when it is needed.
/// Errors: environment, interrupted.
base::result<store_check> check_store(store& what);

struct collected {
    std::size_t files = 0; ///< removed
    std::uint64_t freed = 0, left = 0; ///< bytes on the disk
    bool is_busy = false; ///< nothing was done: others work with the store
};
/// Removes what nothing can use (quarantine/, what killed processes left, editors/ of projects that are gone), then, until the
/// store has at most `limit` bytes, blobs, fetched files and source trees: first what wasn't used for longest. Never the
/// registries, which locks name and nobody else has. Others that hold the store are waited for, or, with patience::none,
/// left in peace. May be killed at any point. Errors: environment, interrupted.
base::result<collected> collect(store& from, std::optional<std::uint64_t> limit, store::patience how);

} // namespace uk::build
