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

const std::string sbom_name = "sbom.spdx.json", provenance_name = "provenance.intoto.json";

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
    std::unordered_set<std::string_view> seen;
    std::set<base::sha256> sets; // of headers, which are inputs of each compilation
    for (const std::size_t index : behind(what, folder)) {
        const std::vector<input>& inputs = what.actions[index].inputs;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const base::sha256& hash = done.actions[index].inputs[i].hash;
            const auto* whole = std::get_if<host_folder>(&inputs[i].from);
            if (is_own(inputs[i])) {
                if (seen.insert(inputs[i].path).second) found.insert({inputs[i].path.substr(own_place.size()), hash});
            } else if (whole && whole->only) {
                if (!sets.insert(hash).second) continue;
                for (const folder_entry& one : *done.listings.at(hash)) found.insert({one.path, one.content.hash});
            } else if (whole && inputs[i].path == "files") {
                found.insert({whole->folder.lexically_relative(project).string(), hash, true});
            }
        }
    }
    return {found.begin(), found.end()};
}

// Places of hashes in documents: the bundle's files, the SBOM, the sources.
struct numbers {
    std::size_t files;
    std::size_t sbom() const { return files; }
    std::size_t source(std::size_t index) const { return files + 1 + index; }
};

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

bool is_document(std::string_view path) {
    const std::string_view name = path.substr(path.find('/') + 1);
    return name == sbom_name || name == provenance_name;
}

bool is_own(const input& in) { return std::holds_alternative<host_file>(in.from) && in.path.starts_with(own_place); }

result<std::vector<described_bundle>> describe(const plan& what, const outcome& done, const description& how) {
    std::vector<described_bundle> all;
    const base::digest manifest = TRY(base::digest_of_file(how.from.folder / "uk.yaml"));
    for (const registry::variant& variant : how.from.manifest.variants) {
        described_bundle made{.documents = {variant.name + "/", {}, {}}, .sources = {}};
        const std::string& folder = made.documents.folder;
        std::vector<described_file> files;
        for (const result_file& file : what.results) {
            if (file.path.starts_with(folder))
                files.push_back({file.path.substr(folder.size()), gap_for(files.size())});
        }
        if (files.empty()) continue;
        made.sources = own_sources(what, done, folder, how.from.folder);
        made.sources.insert(made.sources.begin(), {"uk.yaml", manifest.hash});

        const resolver::resolution& answer = how.how.answer(variant.name);
        bundle whole{.from = how.from,
                     .how = how.how,
                     .tools = how.tools,
                     .variant = variant,
                     .answer = answer,
                     .version = how.version,
                     .sandbox = how.sandbox,
                     .image = targets::configure_run(how.from.manifest, variant, answer).image,
                     .files = files,
                     .sources = made.sources};
        const numbers places{files.size()};
        for (std::size_t i = 0; i < whole.sources.size(); ++i) whole.sources[i].hash = gap_for(places.source(i));
        made.documents.sbom = cut(sbom_of(whole).dump(1) + "\n");
        whole.files.push_back({sbom_name, gap_for(places.sbom())});
        std::ranges::sort(whole.files);
        made.documents.provenance = cut(provenance_of(whole).dump(1) + "\n");
        all.push_back(std::move(made));
    }
    return all;
}

std::vector<base::sha256> hashes_of(const std::vector<described_file>& all) {
    std::vector<base::sha256> hashes;
    for (const described_file& one : all) hashes.push_back(one.hash);
    return hashes;
}

void add_documents(plan& what, const outcome& done, bundle_documents all, const std::vector<base::sha256>& sources) {
    std::vector<base::sha256> hashes;
    for (const result_file& file : what.results) {
        if (file.path.starts_with(all.folder)) hashes.push_back(hash_of(file, done));
    }
    std::string sbom = fill(std::move(all.sbom), hashes);
    hashes.push_back(base::digest_of(sbom).hash);
    hashes.insert(hashes.end(), sources.begin(), sources.end());
    what.results.push_back({all.folder + sbom_name, generated{std::move(sbom)}});
    what.results.push_back({all.folder + provenance_name, generated{fill(std::move(all.provenance), hashes)}});
    std::ranges::sort(what.results, {}, &result_file::path);
}

void add_documents(plan& what, const outcome& done, const std::vector<described_bundle>& all) {
    for (const described_bundle& one : all) add_documents(what, done, one.documents, hashes_of(one.sources));
}

} // namespace uk::build
