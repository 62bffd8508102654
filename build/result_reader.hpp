// From an ActionResult, which anybody may have written, to what an action made: only what the action declares, and only blobs that are as their hashes say.
#pragma once

#include <functional>

#include "base/result.hpp"
#include "build/action.hpp"
#include "build/reapi.hpp"
#include "build/shared_link.hpp"
#include "build/store.hpp"

namespace uk::build {

/// Brings a blob into the store, verified. `found`: it is there now; anything else ends the reading.
using blob_fetcher = std::function<base::result<shared_link::answer::status>(const base::digest&)>;

/// Found: `into` has the files, and what was said, and the store has every blob of it. Wrong: the message isn't one of this
/// action's. Else what `fetch` says. With a status that isn't 0 only what was said is read.
base::result<shared_link::answer::status> read_result(const action& what, const reapi::result_message& message,
                                                      store& from, const blob_fetcher& fetch, action_result& into);

} // namespace uk::build
