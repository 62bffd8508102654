#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cli/graph_layout.hpp"
#include "cli/graph_model.hpp"

namespace uk::cli {

namespace {

// Pixels. Text is monospaced, and a browser's widest such fonts need 0.62 of their size for a letter.
constexpr double name_size = 14, small_size = 12, letter = 0.62;
constexpr double padding = 12, header = 44, port_height = 22, gap = 28, between_layers = 56, margin = 24, title = 44;

double text_width(const std::string& text, double size) { return static_cast<double>(text.size()) * size * letter; }

double port_width(const graph_hole& one) { return text_width(one.label, small_size) + 2 * padding; }

double ports_width(const graph_node& one) {
    double sum = 0;
    for (const graph_hole& hole : one.holes) sum += port_width(hole);
    return sum;
}

std::string escaped(const std::string& text) {
    std::string all;
    for (const char c : text) all += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string{c};
    return all;
}

std::string text_at(double x, double y, double size, const char* style, const std::string& text) {
    return fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" font-size=\"{:.0f}\" text-anchor=\"middle\" {}>{}</text>\n", x,
                       y, size, style, escaped(text));
}

class panel {
  public:
    explicit panel(const graph& what) : what_{what} {
        for (const graph_node& one : what.nodes) {
            layout_box box;
            const double ports = ports_width(one);
            box.width = std::ceil(std::max({text_width(one.name, name_size) + 2 * padding,
                                            text_width(one.what, small_size) + 2 * padding, ports}));
            double x = 0;
            for (const graph_hole& hole : one.holes) {
                const double wide = port_width(hole) * box.width / ports;
                if (hole.filled_by) box.lines.push_back({*hole.filled_by, x + wide / 2});
                x += wide;
            }
            boxes_.push_back(box);
        }
        places_ = lay_out(boxes_, gap);
        std::vector<double> heights(1 + *std::ranges::max_element(places_.layers), header);
        for (std::size_t i = 0; i < boxes_.size(); ++i) {
            double& high = heights[places_.layers[i]];
            high = std::max(high, height(i));
        }
        double y = title;
        for (const double one : heights) {
            tops_.push_back(y);
            bottoms_.push_back(y + one);
            y += one + between_layers;
        }
        below_ = y - between_layers;
        for (const auto& [signature, component] : what.image)
            image_ += (image_.empty() ? "" : ", ") + signature + ": " + component;
    }

    double width() const { return std::max(places_.width, text_width(image_, small_size)); }
    double height() const { return below_ + 36; }

    std::string draw(double top) const {
        std::string text = fmt::format("<g transform=\"translate({:.0f} {:.0f})\">\n", margin, top);
        text += fmt::format("<text x=\"0\" y=\"18\" font-size=\"16\" font-weight=\"bold\">{} for {} ({})</text>\n",
                            escaped(what_.nodes[0].name), escaped(what_.variant), escaped(what_.target));
        for (std::size_t i = 0; i < boxes_.size(); ++i) {
            for (std::size_t k = 0; k < boxes_[i].lines.size(); ++k) text += line(i, k);
        }
        for (std::size_t i = 0; i < boxes_.size(); ++i) text += box(i);
        text += fmt::format("<text x=\"0\" y=\"{:.0f}\" font-size=\"{:.0f}\" fill=\"#555\">{}</text>\n", below_ + 28,
                            small_size, escaped(image_));
        return text + "</g>\n";
    }

  private:
    double height(std::size_t i) const { return header + (what_.nodes[i].holes.empty() ? 0 : port_height); }

    std::string box(std::size_t i) const {
        const graph_node& node = what_.nodes[i];
        const double x = places_.lefts[i], y = tops_[places_.layers[i]], wide = boxes_[i].width;
        std::string text = fmt::format("<rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" rx=\"5\" "
                                       "fill=\"{}\" stroke=\"#456\"/>\n",
                                       x, y, wide, height(i), i == 0 ? "#dbe9ff" : "#f4f6f8");
        text += text_at(x + wide / 2, y + 19, name_size, "font-weight=\"bold\"", node.name);
        text += text_at(x + wide / 2, y + 36, small_size, "fill=\"#555\"", node.what);
        if (node.holes.empty()) return text;
        text += fmt::format("<path d=\"M{:.0f} {:.0f}h{:.0f}\" stroke=\"#456\"/>\n", x, y + header, wide);
        double left = x;
        for (const graph_hole& hole : node.holes) {
            const double part = port_width(hole) * wide / ports_width(node);
            if (left > x)
                text +=
                    fmt::format("<path d=\"M{:.0f} {:.0f}v{:.0f}\" stroke=\"#456\"/>\n", left, y + header, port_height);
            text += text_at(left + part / 2, y + header + 15, small_size, hole.filled_by ? "" : "fill=\"#999\"",
                            hole.label);
            left += part;
        }
        return text;
    }

    // From the hole down to the instance that fills it.
    std::string line(std::size_t i, std::size_t k) const {
        const layout_box::line& one = boxes_[i].lines[k];
        double x = places_.lefts[i] + one.offset, y = tops_[places_.layers[i]] + height(i);
        std::string path = fmt::format("M{:.0f} {:.0f}", x, y);
        const auto curve = [&](double to_x, double to_y) {
            const double middle = (y + to_y) / 2;
            path += fmt::format("C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}", x, middle, to_x, middle, to_x, to_y);
            x = to_x;
            y = to_y;
        };
        for (const layout::bend& bend : places_.bends[i][k]) {
            curve(bend.x, tops_[bend.layer]);
            y = bottoms_[bend.layer];
            path += fmt::format("V{:.0f}", y);
        }
        curve(places_.lefts[one.to] + boxes_[one.to].width / 2, tops_[places_.layers[one.to]] - 1);
        return fmt::format(
            "<path d=\"{}\" fill=\"none\" stroke=\"#678\" stroke-width=\"1.3\" marker-end=\"url(#tip)\"/>\n", path);
    }

    const graph& what_;
    std::vector<layout_box> boxes_;
    layout places_;
    std::vector<double> tops_, bottoms_; ///< of each layer
    double below_ = 0;
    std::string image_;
};

} // namespace

std::string graph_svg(const std::vector<graph>& all) {
    std::vector<panel> panels;
    double wide = 0, high = margin;
    for (const graph& one : all) {
        panels.emplace_back(one);
        wide = std::max(wide, panels.back().width());
        high += panels.back().height() + margin;
    }
    std::string text = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
        "{1:.0f}\" "
        "font-family=\"DejaVu Sans Mono, monospace\" fill=\"#123\">\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" "
        "refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" "
        "fill=\"#678\"/></marker></defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        wide + 2 * margin, high);
    double top = margin;
    for (const panel& one : panels) {
        text += one.draw(top);
        top += one.height() + margin;
    }
    return text + "</svg>\n";
}

} // namespace uk::cli
