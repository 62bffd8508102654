// uk graph: instances and how they are wired.
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "cli/context.hpp"
#include "cli/graph_model.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

struct options {
    std::vector<std::string> targets;
    std::string format, file;
};

json graph_json(const graph& what) {
    const auto holes = [&](const graph_node& node) {
        json list = json::object();
        for (const graph_hole& one : node.holes)
            list[one.label] = one.filled_by ? json(what.nodes[*one.filled_by].name) : json(nullptr);
        return list;
    };
    json instances = json::array();
    for (std::size_t i = 1; i < what.nodes.size(); ++i) {
        const graph_node& one = what.nodes[i];
        const auto space = one.what.find(' ');
        instances.push_back({{"name", one.name},
                             {"component", one.what.substr(0, space)},
                             {"version", one.what.substr(space + 1)},
                             {"needs", holes(one)}});
    }
    json image = json::object();
    for (const auto& [signature, component] : what.image) image[signature] = component;
    return {{"variant", what.variant},       {"target", what.target},  {"application", what.nodes[0].name},
            {"needs", holes(what.nodes[0])}, {"instances", instances}, {"image", image}};
}

result<int> draw(context& how, const options& asked) {
    std::vector<graph> all;
    {
        build::store store = TRY(build::store::open(TRY(how.home())));
        const session s = TRY(session::open(how, store, {}));
        for (const registry::variant* variant : TRY(build::chosen_variants(s.project.manifest, asked.targets)))
            all.push_back(make_graph(s.project.manifest, s.settled.answer(variant->name)));
    }
    std::string format = asked.format;
    for (const std::string ending : {"svg", "dot"}) {
        if (format.empty() && asked.file.ends_with("." + ending)) format = ending;
    }
    std::string text;
    if (how.json) {
        json list = json::array();
        for (const graph& one : all) list.push_back(graph_json(one));
        text = list.dump(2) + "\n";
    } else if (format == "dot") {
        text = graph_dot(all);
    } else if (format == "svg") {
        text = graph_svg(all);
    } else {
        for (const graph& one : all) text += (text.empty() ? "" : "\n") + graph_text(one);
    }
    if (asked.file.empty()) {
        how.print(text);
    } else {
        CHECK(base::write_file(how.folder / asked.file, text));
    }
    return 0;
}

} // namespace

void add_graph(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("graph", "Draw the instances of an image and how they are wired");
    const auto asked = std::make_shared<options>();
    verb->add_option("-t,--target", asked->targets,
                     "A variant of uk.yaml (none: all of them); may be given several times")
        ->type_name("VARIANT")
        ->allow_extra_args(false);
    verb->add_option("--format", asked->format,
                     "text (a tree), dot (for Graphviz) or svg (a picture); none: by FILE's ending")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "dot", "svg"}));
    verb->add_option("-o,--output", asked->file, "Write there instead of standard output")->type_name("FILE");
    verb->footer("\nExamples:\n  uk graph --target kvm\n  uk graph -o graph.svg");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return draw(how, *asked); }; });
}

} // namespace uk::cli
