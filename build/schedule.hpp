// The order of a plan: who waits for whom, and the longest chain first.
#pragma once

#include <cstddef>
#include <vector>

#include "build/action.hpp"

namespace uk::build {

/// An action's place in the graph.
struct plan_node {
    std::vector<std::size_t> reads;   ///< actions whose outputs are inputs, each once
    std::vector<std::size_t> used_by; ///< the other way round
    std::size_t length = 0;           ///< of the longest chain of actions that begins here, not counting this one
};
std::vector<plan_node> nodes_of(const plan& what);

/// The action and all that it reads outputs of, directly or not: a plan that ends with it and has no results.
plan part_for(const plan& what, std::size_t index);

/// What is to be taken up first: compare two, the greater goes first. `count`: actions of the plan.
struct priority {
    std::size_t length, place;
    priority(const plan_node& node, std::size_t index, std::size_t count) : length{node.length}, place{count - index} {}
    std::size_t index(std::size_t count) const { return count - place; }
    friend auto operator<=>(const priority&, const priority&) = default;
};

} // namespace uk::build
