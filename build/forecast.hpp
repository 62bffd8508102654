// What executing a plan would do, without doing any of it.
#pragma once

#include <optional>
#include <vector>

#include "build/action_key.hpp"

namespace uk::build {

struct foreseen {
    enum class type {
        cached, ///< its result is in the store
        runs,
        may_run ///< reads outputs of what runs: if those turn out as before, its result may be in the store
    };
    type kind = type::may_run;
    std::optional<keyed_action> key;    ///< none: it depends on outputs that don't exist yet
    std::optional<std::size_t> same_as; ///< runs: an earlier action of the plan with the same key, which runs for both
};

struct forecast {
    std::vector<foreseen> actions; ///< as in the plan
    std::vector<std::size_t> order; ///< what runs or may run, each once, as one worker would take it up
    std::vector<std::size_t> longest; ///< of these, the longest chain in which each waits for the one before it
};

/// Reads files for their digests, and the store; runs and writes nothing. Errors: as key_finder.
base::result<forecast> look_ahead(const plan& what, const toolchain& tools, store& from, bool sandbox);

} // namespace uk::build
