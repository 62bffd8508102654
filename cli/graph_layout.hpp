// Places for the boxes of a graph, in layers: every box stands below those that use it. Sugiyama's method with few, fixed
// rounds, so that the same graph is always drawn the same.
#pragma once

#include <cstddef>
#include <vector>

namespace uk::cli {

/// A box with its outgoing lines; each leaves at an offset from the box's left edge.
struct layout_box {
    struct line {
        std::size_t to = 0;
        double offset = 0;
    };
    double width = 0;
    std::vector<line> lines;
};

struct layout {
    std::vector<std::size_t> layers; ///< of each box
    std::vector<double> lefts; ///< of each box
    struct bend {
        std::size_t layer = 0;
        double x = 0;
    };
    std::vector<std::vector<std::vector<bend>>> bends; ///< of each box's each line, downwards: where it passes a layer
    double width = 0;
};

/// Boxes stand behind those that have lines to them; no cycles. `gap` is between neighbours.
layout lay_out(const std::vector<layout_box>& boxes, double gap);

} // namespace uk::cli
