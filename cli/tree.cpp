// uk tree: the components of an image, each below what asks for it.
#include <map>
#include <memory>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/graph_model.hpp"
#include "cli/session.hpp"

namespace uk::cli {

using base::fail;
using base::json;
using base::result;
using base::status;

namespace {

// Who asks for whom: `^1` of a requirement, or the label and `net.stack ^1` of a need.
struct edge {
    std::string from, to; ///< components; "" is the application
    std::string label, wants;
    bool operator==(const edge&) const = default;
};

class components {
  public:
    components(const registry::recipe& manifest, const registry::variant& variant, const resolver::resolution& answer)
        : answer_{answer}, profile_{variant.profile} {
        add_requirements("", manifest);
        for (const registry::need& one : manifest.needs) {
            const auto filled =
                std::ranges::find(answer.wiring, one.label, [](const auto& each) { return each.first; });
            if (filled != answer.wiring.end()) add_need("", one, filled->second);
        }
        add({"", answer.target, "target", ""});
        for (const resolver::chosen_component& one : answer.components) {
            add_requirements(one.name, one.entry->content);
            for (const resolver::chosen_instance& instance : answer.instances) {
                if (instance.component != one.name) continue;
                for (const auto& [label, filler] : instance.needs) {
                    const auto& needs = one.entry->content.needs;
                    add_need(one.name, *std::ranges::find(needs, label, &registry::need::label), filler);
                }
            }
        }
    }

    const std::vector<edge>& edges() const { return edges_; }

  private:
    void add(edge one) {
        if (one.from != one.to && std::ranges::find(edges_, one) == edges_.end()) edges_.push_back(std::move(one));
    }

    void add_requirements(const std::string& from, const registry::recipe& content) {
        for (const registry::require& one : content.requires_) {
            if (!answer_.holds(one.when, from, profile_)) continue;
            for (const auto& choice : one.choices) {
                const auto& [name, versions, where] = choice.component;
                const auto provider = answer_.image_scope.find(name);
                if (provider != answer_.image_scope.end())
                    add({from, provider->second, "", fmt::format("{} {}", name, versions.text())});
                else if (answer_.component(name)) add({from, name, "", versions.text()});
            }
        }
    }

    void add_need(const std::string& from, const registry::need& one, const std::string& filler) {
        const resolver::chosen_instance* instance = answer_.instance(filler);
        if (!instance) return; // optional, and empty
        add({from, instance->component, one.label,
             fmt::format("{} {}", one.signature.name, one.signature.versions.text())});
    }

    const resolver::resolution& answer_;
    const std::string& profile_;
    std::vector<edge> edges_;
};

// The edges as something that `uk graph`'s text can be made of: from the application down, or from `bottom` up.
graph make_tree(const registry::recipe& manifest, const resolver::resolution& answer, const std::vector<edge>& edges,
                const std::string& bottom) {
    const auto title = [&](const std::string& name) {
        if (name.empty()) return fmt::format("{} {}", manifest.name, manifest.id.text());
        return fmt::format("{} {}", name, answer.component(name)->id.text());
    };
    graph made{answer.variant, title(answer.target), {}, {}};
    std::map<std::string, std::size_t> places;
    const auto add = [&](const std::string& name) {
        const auto [at, fresh] = places.emplace(name, made.nodes.size());
        if (fresh) made.nodes.push_back({name.empty() ? manifest.name : name, title(name), {}});
        return at->second;
    };
    made.nodes[add(bottom)].name = title(bottom);
    for (const edge& one : edges) {
        add(one.from);
        add(one.to);
    }
    for (const edge& one : edges) {
        const std::size_t above = places[bottom.empty() ? one.from : one.to];
        made.nodes[above].holes.push_back({one.label, places[bottom.empty() ? one.to : one.from], one.wants});
    }
    return made;
}

json tree_json(const registry::recipe& manifest, const resolver::resolution& answer, const std::vector<edge>& edges) {
    json list = json::array(), asks = json::array();
    for (const resolver::chosen_component& one : answer.components)
        list.push_back({{"name", one.name}, {"version", one.id.text()}});
    for (const edge& one : edges)
        asks.push_back({{"from", one.from.empty() ? json() : json(one.from)},
                        {"to", one.to},
                        {"label", one.label.empty() ? json() : json(one.label)},
                        {"wants", one.wants.empty() ? json() : json(one.wants)}});
    return {{"variant", answer.variant},
            {"target", answer.target},
            {"application", {{"name", manifest.name}, {"version", manifest.id.text()}}},
            {"components", list},
            {"edges", asks}};
}

struct options {
    std::vector<std::string> targets;
    std::string invert;
};

result<int> show(context& how, const options& asked) {
    build::store store = TRY(build::store::open(TRY(how.home())));
    const session s = TRY(session::open(how, store, {}));
    const registry::recipe& manifest = s.project.manifest;
    json all = json::array();
    std::string text;
    std::vector<std::string> names;
    for (const registry::variant* variant : TRY(build::chosen_variants(manifest, asked.targets))) {
        const resolver::resolution& answer = s.settled.answer(variant->name);
        for (const auto& one : answer.components) names.push_back(one.name);
        if (!asked.invert.empty() && !answer.component(asked.invert)) continue;
        const components found{manifest, *variant, answer};
        all.push_back(tree_json(manifest, answer, found.edges()));
        text += (text.empty() ? "" : "\n") + graph_text(make_tree(manifest, answer, found.edges(), asked.invert));
    }
    if (all.empty() && !asked.invert.empty())
        return fail(status::input, {}, "`{}` isn't in the image{}", asked.invert,
                    base::did_you_mean(asked.invert, names));
    how.print(how.json ? all.dump(2) + "\n" : text);
    return 0;
}

} // namespace

void add_tree(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("tree", "List the components of an image below what asks for them");
    const auto asked = std::make_shared<options>();
    verb->add_option("-t,--target", asked->targets,
                     "A variant of uk.yaml (none: all of them); may be given several times")
        ->type_name("VARIANT")
        ->allow_extra_args(false);
    verb->add_option("-i,--invert", asked->invert, "Begin with this one, and go up to what asks for it")
        ->type_name("COMPONENT");
    verb->footer("\nExamples:\n  uk tree --target kvm\n  uk tree --invert musl");
    verb->callback([&chosen, asked] { chosen = [asked](context& how) { return show(how, *asked); }; });
}

} // namespace uk::cli
