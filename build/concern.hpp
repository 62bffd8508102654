// Which changes on disk concern a build: the side of build/snapshot.hpp for somebody who is told of changes and needs not look.
#pragma once

#include <filesystem>
#include <set>

#include "build/snapshot.hpp"

namespace uk::build {

/// Folders in which changes must be looked at. Each that is there is watched alone, without what is below it; where one of the inputs isn't
/// there yet, the nearest folder above it that is.
std::set<std::filesystem::path> folders_of(const watched& all);

/// May a build differ once something has happened to `path` (which came or went, or has another content)? A yes too many costs
/// a look; uk.lock concerns it also where it was written by the build itself.
bool concerns(const watched& all, const std::filesystem::path& path);

/// The same for what was read before anything was planned: manifests, the lock, recipes, the toolchain.
bool concerns_choices(const watched& all, const std::filesystem::path& path);

} // namespace uk::build
