// Are an action's outputs what its inputs say, and nothing else? Each action runs once more, on the same inputs, in varied
// surroundings, and its outputs are compared bit by bit.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "build/engine.hpp"
#include "build/variation.hpp"

namespace uk::build {

struct difference {
    std::size_t action = 0;
    std::string output; ///< empty: the action failed, and `said` has its words
    std::optional<std::uint64_t>
        offset; ///< of the first byte that differs; none: it isn't there, or only its mode differs
    std::string was, varied; ///< up to 32 bytes from there
    std::string said;
    std::vector<variation> because; ///< each of which alone makes a difference
    bool by_chance = false; ///< it differs with nothing varied: the clock, or chance
    bool by_addresses = false; ///< by_chance, but not without randomization of addresses
};

struct verification {
    std::size_t checked = 0; ///< actions with outputs, each key once
    std::vector<variation> varied;
    std::vector<difference> differences; ///< sorted by action: an action reads only outputs of earlier ones
};

struct verify_options {
    int jobs = 0; ///< 0: one a processor
    std::vector<std::size_t> only; ///< these actions; none: all
    std::function<void(const action& next, std::size_t done, std::size_t total)> tell; ///< one at a time
};

/// `reference` is the outcome of executing `what`. The first ten differences are looked into: why. Keeps nothing.
/// Errors: environment, interrupted, failed (an input changed meanwhile).
base::result<verification> verify(const plan& what, const outcome& reference, const toolchain& tools, store& from,
                                  const verify_options& how);

} // namespace uk::build
