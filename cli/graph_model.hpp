// A variant's instances and how they are wired, as `uk graph` draws them. Node 0 is the application; every other one stands
// behind those that use it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "registry/recipe.hpp"
#include "resolver/resolution.hpp"

namespace uk::cli {

struct graph_hole {
    std::string label; ///< may be empty
    std::optional<std::size_t> filled_by; ///< a node; none: optional, and empty
    std::string note = {}; ///< behind what fills it, in the text; may be empty
};

struct graph_node {
    std::string name; ///< the instance's
    std::string what; ///< `lwip 2.1.3`
    std::vector<graph_hole> holes;
};

struct graph {
    std::string variant, target;
    std::vector<graph_node> nodes;
    std::vector<std::pair<std::string, std::string>> image; ///< what an image has once: `libc` → `musl 1.2.3-r1`
};

graph make_graph(const registry::recipe& manifest, const resolver::resolution& answer);

/// A tree with the application at its root; an instance that more than one uses is unfolded where it comes first.
std::string graph_text(const graph& what);
/// One digraph for Graphviz, with a cluster for each variant if there are several.
std::string graph_dot(const std::vector<graph>& all);
/// A picture of its own, the variants below one another; the same bytes for the same graphs.
std::string graph_svg(const std::vector<graph>& all);

} // namespace uk::cli
