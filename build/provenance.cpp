// An in-toto Statement (v1) with SLSA Provenance (v1) as its predicate.
#include <fmt/format.h>

#include "build/describe.hpp"
#include "build/image_note.hpp"

namespace uk::build {

using base::json;

namespace {

json place_of(const std::string& name, const resolver::locked_place& at) {
    json made{{"name", name}, {"digest", {{"reapiDirectory", at.tree.hex()}}}};
    if (!at.commit.empty()) made["digest"]["gitCommit"] = at.commit;
    if (at.git.find("://") != std::string::npos) made["uri"] = "git+" + at.git; // else a folder of this machine
    return made;
}

void add_fetched(json& to, const std::string& whole, const registry::recipe& component) {
    for (const registry::address* one : fetched_by(component))
        to.push_back({{"name", one->text.substr(one->text.rfind('/') + 1)},
                      {"uri", uri_of(*one)},
                      {"digest", {{"sha256", one->hash->hex()}}},
                      {"annotations", {{"component", whole}}}});
}

void add_component(json& to, const bundle& what, const std::string& name, const registry::version& id,
                   const registry::entry& entry) {
    const std::string whole = name + " " + id.text();
    to.push_back({{"name", whole},
                  {"uri", package_url(name, id)},
                  {"digest", {{"reapiDirectory", what.how.sources.at(whole).tree.hex()}}},
                  {"annotations", {{"recipe", "sha256:" + entry.hash.hex()}, {"registry", entry.registry}}}});
    add_fetched(to, whole, entry.content);
}

json dependencies_of(const bundle& what) {
    json all = json::array();
    for (const described_file& one : what.sources)
        all.push_back(
            {{"name", one.path}, {"digest", {{one.is_folder ? "reapiDirectory" : "sha256", one.hash.hex()}}}});
    for (const auto& [name, at] : what.how.lock.registries) all.push_back(place_of("registry " + name, at));
    for (const auto& [name, at] : what.how.lock.overrides) {
        if (what.answer.component(name)) all.push_back(place_of("override of " + name, at));
    }
    for (const auto& one : what.answer.components) add_component(all, what, one.name, one.id, *one.entry);
    for (const auto& one : what.answer.signatures) add_component(all, what, one.name, one.id, *one.entry);
    const std::string tools = what.tools.name + " " + what.tools.version;
    all.push_back({{"name", tools}, {"digest", {{"ukToolchain", what.tools.fingerprint.hex()}}}});
    if (what.from.toolchain) add_fetched(all, tools, what.from.toolchain->content);
    return all;
}

json definition_of(const bundle& what) {
    json options = json::object();
    for (const resolver::locked_variant& one : what.how.part.variants) {
        if (one.name == what.variant.name) options = one.options;
    }
    std::map<std::string, base::sha256> trees;
    for (const auto& [name, tree] : sources_of(what.answer, what.how.sources)) trees[name] = tree.tree;
    const registry::recipe& manifest = what.from.manifest;
    return {{"buildType", "uk:build/v1"},
            {"externalParameters",
             {{"name", manifest.name},
              {"version", manifest.id.text()},
              {"manifest", "uk.yaml"},
              {"variant", what.variant.name},
              {"target", what.answer.target},
              {"profile", what.variant.profile},
              {"options", options}}},
            {"internalParameters",
             {{"edition", edition},
              {"lock", answer_digest(what.answer, trees).hex()},
              {"sandbox", what.sandbox ? "on" : "off"}}},
            {"resolvedDependencies", dependencies_of(what)}};
}

} // namespace

json provenance_of(const bundle& what) {
    json subject = json::array();
    for (const described_file& one : what.files)
        subject.push_back({{"name", one.path}, {"digest", {{"sha256", one.hash.hex()}}}});
    return {{"_type", "https://in-toto.io/Statement/v1"},
            {"subject", subject},
            {"predicateType", "https://slsa.dev/provenance/v1"},
            {"predicate",
             {{"buildDefinition", definition_of(what)},
              {"runDetails", {{"builder", {{"id", "uk:builder/local"}, {"version", {{"uk", what.version}}}}}}}}}};
}

} // namespace uk::build
