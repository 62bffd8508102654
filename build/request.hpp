// From an action of a plan to what its sandbox is given.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "build/action_key.hpp"
#include "build/sandbox.hpp"

namespace uk::build {

struct request_source {
    const plan& what;
    const toolchain& tools;
    store& kept;
    const std::vector<action_outcome>& so_far; ///< of the actions that this one reads
};

/// `contents` is what the request's files are views of, so it lives as long. Errors: failed: a file isn't any more what
/// `mine` was made of; source: a blob is gone or wrong.
base::result<sandbox_request> make_request(const request_source& from, std::size_t index, const keyed_action& mine,
                                           std::deque<std::string>& contents);

} // namespace uk::build
