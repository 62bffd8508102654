// The resolver's interface: manifest + index + variant (+ lock) → resolution, or why there is none.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "registry/index.hpp"
#include "registry/recipe.hpp"
#include "resolver/lock.hpp"
#include "resolver/resolution.hpp"

namespace uk::resolver {

/// What to prefer, beside the manifest's own words.
struct request {
    const registry::recipe* manifest = nullptr;
    const registry::index* components = nullptr;
    const registry::variant* variant = nullptr;
    const lock* locked = nullptr;                     ///< keeps what it can of this
    std::vector<std::string> update;                  ///< components whose locked version is to move on
    const std::vector<const resolution*>* above = nullptr; ///< variants solved before: their versions are preferred
};

/// The first answer in the order that docs/explanation/resolution.md defines, or the reasons why there is none.
/// Errors: unsolvable (what can't all hold, each with file and line, and what could be changed), input (an unknown name),
/// failed (a limit of the search).
base::result<resolution> resolve(const request& what);

/// What requests of one manifest and one index can reach, as text that `uk solve` reads. Errors: as resolve; failed, when a
/// value can't be written (see print.hpp).
base::result<std::string> universe_text(const std::vector<request>& all);

/// The shortest chain from the manifest to a component, instance or signature, as sentences; and what else could have
/// been there. Errors: input when it isn't in the image.
struct because {
    std::string subject; ///< `musl 1.2.3-r1`
    std::vector<std::string> chain; ///< from the manifest downwards, one sentence each, with file and line
    std::vector<std::string> instead; ///< other candidates, each with why not
};
base::result<because> why(const request& what, const resolution& answer, const std::string& subject);

} // namespace uk::resolver
