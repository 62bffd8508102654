#include "cli/graph_model.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

namespace uk::cli {

namespace {

std::string titled(const resolver::resolution& answer, const std::string& component) {
    return fmt::format("{} {}", component, answer.component(component)->id.text());
}

class tree {
  public:
    explicit tree(const graph& what) : what_{what} {}

    void add(std::size_t node, const std::string& before) {
        const auto& holes = what_.nodes[node].holes;
        for (std::size_t i = 0; i < holes.size(); ++i) {
            const bool last = i + 1 == holes.size();
            text += before + (last ? "└─ " : "├─ ");
            if (!holes[i].label.empty()) text += holes[i].label + ": ";
            if (!holes[i].filled_by) {
                text += "nothing\n";
                continue;
            }
            const graph_node& used = what_.nodes[*holes[i].filled_by];
            const bool again = !seen_.insert(*holes[i].filled_by).second && !used.holes.empty();
            const bool is_titled = used.what == used.name || used.what.starts_with(used.name + " ");
            text += is_titled ? used.what : fmt::format("{} ({})", used.name, used.what);
            if (!holes[i].note.empty()) text += fmt::format(" ({})", holes[i].note);
            text += again ? ", as above\n" : "\n";
            if (!again) add(*holes[i].filled_by, before + (last ? "   " : "│  "));
        }
    }

    std::string text;

  private:
    const graph& what_;
    std::set<std::size_t> seen_;
};

std::string quoted(const std::string& text) {
    std::string all = "\"";
    for (const char c : text) all += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    return all + "\"";
}

} // namespace

graph make_graph(const registry::recipe& manifest, const resolver::resolution& answer) {
    graph made{answer.variant, titled(answer, answer.target), {}, {}};
    std::map<std::string, std::size_t> places;
    made.nodes.push_back({manifest.name, "the application", {}});
    for (auto one = answer.instances.rbegin(); one != answer.instances.rend(); ++one) {
        places[one->name] = made.nodes.size();
        made.nodes.push_back({one->name, titled(answer, one->component), {}});
    }
    const auto place_of = [&](const std::string& name) -> std::optional<std::size_t> {
        const auto found = places.find(name);
        return found == places.end() ? std::nullopt : std::optional{found->second};
    };
    const std::map<std::string, std::string> wiring{answer.wiring.begin(), answer.wiring.end()};
    for (const registry::need& one : manifest.needs) {
        const auto filled = wiring.find(one.label);
        made.nodes[0].holes.push_back({one.label, filled == wiring.end() ? std::nullopt : place_of(filled->second)});
    }
    for (const resolver::chosen_instance& one : answer.instances) {
        for (const auto& [label, by] : one.needs) made.nodes[places[one.name]].holes.push_back({label, place_of(by)});
    }
    for (const auto& [signature, component] : answer.image_scope)
        made.image.push_back({signature, titled(answer, component)});
    return made;
}

std::string graph_text(const graph& what) {
    tree made{what};
    made.text = fmt::format("{} for {} ({})\n", what.nodes[0].name, what.variant, what.target);
    made.add(0, "");
    for (const auto& [signature, component] : what.image) made.text += fmt::format("{}: {}\n", signature, component);
    return made.text;
}

std::string graph_dot(const std::vector<graph>& all) {
    std::string text = "digraph uk {\n  node [shape=box, fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n";
    for (const graph& one : all) {
        const auto id = [&](std::size_t node) {
            return quoted(node == 0 ? one.variant : one.variant + "/" + one.nodes[node].name);
        };
        if (all.size() > 1)
            text +=
                fmt::format("  subgraph {} {{\n  label={};\n", quoted("cluster_" + one.variant), quoted(one.variant));
        for (std::size_t i = 0; i < one.nodes.size(); ++i) {
            const std::string label = quoted(one.nodes[i].name);
            text += fmt::format("  {} [label={}];\n", id(i),
                                label.substr(0, label.size() - 1) + "\\n" + quoted(one.nodes[i].what).substr(1));
        }
        for (std::size_t i = 0; i < one.nodes.size(); ++i) {
            for (const graph_hole& hole : one.nodes[i].holes) {
                if (!hole.filled_by) continue;
                text += fmt::format("  {} -> {} [label={}];\n", id(i), id(*hole.filled_by), quoted(hole.label));
            }
        }
        if (all.size() > 1) text += "  }\n";
    }
    return text + "}\n";
}

} // namespace uk::cli
