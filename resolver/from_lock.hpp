// From a lock back to resolutions, without a search: a locked build doesn't choose.
#pragma once

#include "base/result.hpp"
#include "registry/index.hpp"
#include "registry/recipe.hpp"
#include "resolver/lock.hpp"
#include "resolver/resolution.hpp"

namespace uk::resolver {

/// The variant's whole resolution as locked. Errors: outdated, when the lock doesn't have the variant, doesn't answer the
/// manifest, or the index lacks a component or has another recipe of it than the one locked (both hashes are named).
base::result<resolution> read_resolution(const lock& from, const registry::recipe& manifest,
                                         const registry::variant& variant, const registry::index& components);

/// Does the lock still answer what the manifest itself asks of this variant (needs, `use`, `same`, requires, conflicts,
/// options, target)? What components ask of each other was settled when locking. Errors: outdated, with the first mismatch.
base::result<void> answers(const lock& from, const registry::recipe& manifest, const registry::variant& variant);

} // namespace uk::resolver
