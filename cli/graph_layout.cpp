#include "cli/graph_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace uk::cli {

namespace {

constexpr int rounds = 12;
constexpr double bend_width = 12;

// A box, or the place where a line passes a layer.
struct cell {
    double width = 0, left = 0;
    std::size_t layer = 0;
    bool bend = false;
};

// From a point of the upper cell to the middle of the lower one, which lies a layer below.
struct link {
    std::size_t from = 0, to = 0;
    double offset = 0;
};

class sugiyama {
  public:
    sugiyama(const std::vector<layout_box>& boxes, double gap) : boxes_{boxes}, gap_{gap} {}

    layout run() {
        make_cells();
        order_first();
        std::vector<std::vector<std::size_t>> best = layers_;
        for (int i = 0, least = crossings(); i < rounds && least > 0; ++i) {
            reorder(i % 2 == 0);
            if (const int now = crossings(); now < least) {
                least = now;
                best = layers_;
            }
        }
        layers_ = best;
        pack();
        for (int i = 0; i < rounds; ++i) place(i % 2 == 0);
        place(true);
        return finish();
    }

  private:
    void make_cells() {
        for (const layout_box& one : boxes_) cells_.push_back({one.width, 0, 0, false});
        for (std::size_t i = 0; i < boxes_.size(); ++i) {
            for (const layout_box::line& one : boxes_[i].lines)
                cells_[one.to].layer = std::max(cells_[one.to].layer, cells_[i].layer + 1);
        }
        result_.bends.resize(boxes_.size());
        passes_.resize(boxes_.size());
        for (std::size_t i = 0; i < boxes_.size(); ++i) {
            for (const layout_box::line& one : boxes_[i].lines) {
                std::size_t from = i;
                double offset = one.offset;
                std::vector<std::size_t>& passed = passes_[i].emplace_back();
                while (cells_[from].layer + 1 < cells_[one.to].layer) {
                    cells_.push_back({bend_width, 0, cells_[from].layer + 1, true});
                    links_.push_back({from, cells_.size() - 1, offset});
                    from = cells_.size() - 1;
                    offset = bend_width / 2;
                    passed.push_back(from);
                }
                links_.push_back({from, one.to, offset});
            }
        }
    }

    // As a walk along the lines, each box's from left to right, comes by.
    void order_first() {
        std::size_t deepest = 0;
        for (const cell& one : cells_) deepest = std::max(deepest, one.layer);
        layers_.assign(deepest + 1, {});
        std::vector<bool> seen(cells_.size());
        for (std::size_t i = 0; i < cells_.size(); ++i) walk(i, seen);
        pack();
    }
    void walk(std::size_t at, std::vector<bool>& seen) {
        if (seen[at]) return;
        seen[at] = true;
        layers_[cells_[at].layer].push_back(at);
        for (const link& one : links_) {
            if (one.from == at) walk(one.to, seen);
        }
    }

    void pack() {
        for (const auto& layer : layers_) {
            double x = 0;
            for (const std::size_t i : layer) {
                cells_[i].left = x;
                x += cells_[i].width + gap_;
            }
        }
    }

    double start(const link& one) const { return cells_[one.from].left + one.offset; }
    double end(const link& one) const { return cells_[one.to].left + cells_[one.to].width / 2; }

    int crossings() const {
        int count = 0;
        for (std::size_t i = 0; i < links_.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                const link &a = links_[i], &b = links_[j];
                if (cells_[a.from].layer != cells_[b.from].layer) continue;
                if ((start(a) - start(b)) * (end(a) - end(b)) < 0) ++count;
            }
        }
        return count;
    }

    // Where its neighbours of the layer above (or below) would have a cell's left edge; where it is, if it has none.
    double wanted(std::size_t at, bool above) const {
        double sum = 0;
        int count = 0;
        for (const link& one : links_) {
            if (above && one.to == at) sum += start(one) - cells_[at].width / 2;
            if (!above && one.from == at) sum += end(one) - one.offset;
            if (above ? one.to == at : one.from == at) ++count;
        }
        return count ? sum / count : cells_[at].left;
    }

    template <class Function>
    void each_layer(bool downwards, Function function) {
        for (std::size_t i = 0; i < layers_.size(); ++i) function(layers_[downwards ? i : layers_.size() - 1 - i]);
    }

    void reorder(bool downwards) {
        each_layer(downwards, [&](std::vector<std::size_t>& layer) {
            std::vector<std::pair<double, std::size_t>> keys;
            for (const std::size_t i : layer) keys.emplace_back(wanted(i, downwards) + cells_[i].width / 2, i);
            std::ranges::stable_sort(keys, {}, &std::pair<double, std::size_t>::first);
            double x = 0;
            for (std::size_t i = 0; i < layer.size(); ++i) {
                layer[i] = keys[i].second;
                cells_[layer[i]].left = x;
                x += cells_[layer[i]].width + gap_;
            }
        });
    }

    // The places nearest to those wanted that keep order and gaps: neighbours that would overlap become one block, which
    // stands in their middle (pool adjacent violators).
    void place(bool downwards) {
        each_layer(downwards, [&](const std::vector<std::size_t>& layer) {
            struct block {
                double sum, weight;
                std::size_t count;
            };
            std::vector<block> blocks;
            std::vector<double> shifts;
            double shift = 0;
            for (const std::size_t i : layer) {
                const double weight = cells_[i].bend ? 4 : 1;
                shifts.push_back(shift);
                blocks.push_back({(wanted(i, downwards) - shift) * weight, weight, 1});
                shift += cells_[i].width + gap_;
                while (blocks.size() > 1) {
                    block &last = blocks.back(), &before = blocks[blocks.size() - 2];
                    if (before.sum / before.weight <= last.sum / last.weight) break;
                    before = {before.sum + last.sum, before.weight + last.weight, before.count + last.count};
                    blocks.pop_back();
                }
            }
            std::size_t at = 0;
            for (const block& one : blocks) {
                for (std::size_t k = 0; k < one.count; ++k, ++at)
                    cells_[layer[at]].left = one.sum / one.weight + shifts[at];
            }
        });
    }

    layout finish() {
        double least = cells_[0].left;
        for (const cell& one : cells_) least = std::min(least, one.left);
        for (cell& one : cells_) {
            one.left = std::round(one.left - least);
            result_.width = std::max(result_.width, one.left + one.width);
        }
        for (std::size_t i = 0; i < boxes_.size(); ++i) {
            result_.layers.push_back(cells_[i].layer);
            result_.lefts.push_back(cells_[i].left);
            for (const std::vector<std::size_t>& passed : passes_[i]) {
                auto& bends = result_.bends[i].emplace_back();
                for (const std::size_t one : passed)
                    bends.push_back({cells_[one].layer, cells_[one].left + cells_[one].width / 2});
            }
        }
        return std::move(result_);
    }

    const std::vector<layout_box>& boxes_;
    double gap_;
    std::vector<cell> cells_;
    std::vector<link> links_;
    std::vector<std::vector<std::size_t>> layers_;
    std::vector<std::vector<std::vector<std::size_t>>> passes_;
    layout result_;
};

} // namespace

layout lay_out(const std::vector<layout_box>& boxes, double gap) { return sugiyama{boxes, gap}.run(); }

} // namespace uk::cli
