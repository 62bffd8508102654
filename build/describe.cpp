#include "build/describe.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

#include "base/file.hpp"
#include "build/schedule.hpp"
#include "targets/bundle.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::result;

namespace {

// The actions whose outputs are in the bundle, or in what is in it.
std::vector<std::size_t> behind(const plan& what, const std::string& folder) {
    const std::vector<plan_node> nodes = nodes_of(what);
    std::set<std::size_t> all;
    for (const result_file& file : what.results) {
        const auto* from = std::get_if<output_of>(&file.from);
        if (from && file.path.starts_with(folder)) all.insert(from->action);
    }
    // An action reads only outputs of earlier ones.
    std::vector<std::size_t> found;
    while (!all.empty()) {
        const std::size_t last = *std::prev(all.end());
        all.erase(last);
        found.push_back(last);
        all.insert(nodes[last].reads.begin(), nodes[last].reads.end());
    }
    return found;
}

// What lies beside uk.yaml and was read: `app/…`, and the folders that are embedded. Components' files have their own trees.
std::vector<described_file> own_sources(const plan& what, const outcome& done, const std::string& folder,
                                        const fs::path& project) {
    std::set<described_file> found;
    std::unordered_set<std::string_view> seen; // a header is an input of each compilation
    for (const std::size_t index : behind(what, folder)) {
        const std::vector<input>& inputs = what.actions[index].inputs;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const base::sha256& hash = done.actions[index].inputs[i].hash;
            if (std::holds_alternative<host_file>(inputs[i].from) && inputs[i].path.starts_with("app/")) {
                if (seen.insert(inputs[i].path).second) found.insert({inputs[i].path.substr(4), hash});
            } else if (const auto* whole = std::get_if<host_folder>(&inputs[i].from);
                       whole && inputs[i].path == "files")
                found.insert({whole->folder.lexically_relative(project).string(), hash, true});
        }
    }
    return {found.begin(), found.end()};
}

} // namespace

std::vector<const registry::address*> fetched_by(const registry::recipe& component) {
    std::vector<const registry::address*> all;
    for (const registry::origin& one : component.origins) {
        if (!one.from.empty() && one.from.front().kind != registry::address::type::folder)
            all.push_back(&one.from.front());
    }
    return all;
}

std::string uri_of(const registry::address& from) {
    return (from.kind == registry::address::type::debian ? "debian:" : "") + from.text;
}

std::string package_url(const std::string& name, const registry::version& id) {
    // Names and versions have no other character that a package URL would escape.
    const auto escaped = [](std::string_view text) {
        std::string made;
        for (const char c : text) made += c == '+' ? std::string{"%2B"} : std::string{c};
        return made;
    };
    return fmt::format("pkg:generic/{}@{}", escaped(name), escaped(id.text()));
}

result<void> describe(plan& what, const outcome& done, const description& how) {
    std::vector<result_file> more;
    const base::digest manifest = TRY(base::digest_of_file(how.from.folder / "uk.yaml"));
    for (const registry::variant& variant : how.from.manifest.variants) {
        const std::string folder = variant.name + "/";
        const resolver::resolution& answer = how.how.answer(variant.name);
        bundle made{.from = how.from,
                    .how = how.how,
                    .tools = how.tools,
                    .variant = variant,
                    .answer = answer,
                    .version = how.version,
                    .sandbox = how.sandbox,
                    .image = targets::configure_run(how.from.manifest, variant, answer).image,
                    .files = {},
                    .sources = own_sources(what, done, folder, how.from.folder)};
        for (const result_file& file : what.results) {
            if (file.path.starts_with(folder))
                made.files.push_back({file.path.substr(folder.size()), hash_of(file, done)});
        }
        if (made.files.empty()) continue;
        made.sources.insert(made.sources.begin(), {"uk.yaml", manifest.hash});
        const std::string sbom = sbom_of(made).dump(1) + "\n";
        made.files.push_back({"sbom.spdx.json", base::digest_of(sbom).hash});
        std::ranges::sort(made.files);
        more.push_back({folder + "sbom.spdx.json", generated{sbom}});
        more.push_back({folder + "provenance.intoto.json", generated{provenance_of(made).dump(1) + "\n"}});
    }
    what.results.insert(what.results.end(), more.begin(), more.end());
    std::ranges::sort(what.results, {}, &result_file::path);
    return {};
}

} // namespace uk::build
