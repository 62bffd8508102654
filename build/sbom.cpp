// An SPDX 2.3 document, as JSON. Packages: the image, each component and signature, each fetched source, the toolchain.
#include <algorithm>
#include <cctype>
#include <ctime>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.hpp"
#include "build/action_key.hpp"
#include "build/describe.hpp"

namespace uk::build {

using base::json;
using registry::component_kind;

namespace {

constexpr const char *image_id = "SPDXRef-image", *toolchain_id = "SPDXRef-toolchain",
                     *document_id = "SPDXRef-DOCUMENT";

// SPDX's identifiers have letters, digits, `.` and `-`.
std::string identifier(std::string_view kind, std::string_view name) {
    std::string made = fmt::format("SPDXRef-{}-", kind);
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-') made += c;
        else made += fmt::format("-x{:02x}-", static_cast<unsigned char>(c));
    }
    return made;
}

// Recipes hold any text there: what can't be an expression is only quoted.
bool is_expression(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) || std::string_view{" .+-():"}.find(static_cast<char>(c)) != std::string_view::npos;
    });
}

json package(const std::string& id, const std::string& name, const std::string& version, const std::string& license) {
    json made{{"SPDXID", id},
              {"name", name},
              {"versionInfo", version},
              {"downloadLocation", "NOASSERTION"},
              {"filesAnalyzed", false},
              {"licenseConcluded", "NOASSERTION"},
              {"licenseDeclared", is_expression(license) ? license : "NOASSERTION"},
              {"copyrightText", "NOASSERTION"}};
    if (!license.empty() && !is_expression(license)) made["licenseComments"] = license;
    return made;
}

json checksum(const base::sha256& hash) {
    return json::array({{{"algorithm", "SHA256"}, {"checksumValue", hash.hex()}}});
}

json package_reference(const std::string& url) {
    return json::array(
        {{{"referenceCategory", "PACKAGE-MANAGER"}, {"referenceType", "purl"}, {"referenceLocator", url}}});
}

class writer {
  public:
    explicit writer(const bundle& what) : what_{what} {}
    json write();

  private:
    void add_image();
    void add_toolchain();
    void add(const std::string& name, const registry::version& id, const registry::entry& entry);
    void add_source(const std::string& of, const registry::address& from);
    void add_dependencies();
    json own_licenses() const;
    void relate(const std::string& from, const char* how, const std::string& to) { relations_.insert({from, how, to}); }

    const bundle& what_;
    std::map<std::string, json> packages_;
    std::set<std::array<std::string, 3>> relations_;
};

void writer::add_image() {
    const registry::recipe& manifest = what_.from.manifest;
    json made = package(image_id, manifest.name, manifest.id.text(), manifest.license);
    made["packageFileName"] = what_.image;
    made["primaryPackagePurpose"] = "APPLICATION";
    for (const described_file& one : what_.files) {
        if (one.path == what_.image) made["checksums"] = checksum(one.hash);
    }
    if (!manifest.summary.empty()) made["summary"] = manifest.summary;
    packages_[image_id] = made;
    relate(document_id, "DESCRIBES", image_id);
}

void writer::add_toolchain() {
    const toolchain& tools = what_.tools;
    const registry::entry* const component = what_.from.toolchain;
    json made = package(toolchain_id, tools.name, tools.version,
                        component             ? component->content.license
                        : tools.name == "gcc" ? "GPL-3.0-or-later WITH GCC-exception-3.1"
                                              : "");
    made["primaryPackagePurpose"] = "APPLICATION";
    made["sourceInfo"] = "fingerprint sha256:" + tools.fingerprint.hex();
    packages_[toolchain_id] = made;
    relate(toolchain_id, "BUILD_TOOL_OF", image_id);
    relate(image_id, "STATIC_LINK", toolchain_id); // libgcc.a
    if (!component) return;
    for (const registry::address* one : fetched_by(component->content)) add_source(toolchain_id, *one);
}

void writer::add_source(const std::string& of, const registry::address& from) {
    const std::string id = identifier("source", from.hash->hex());
    const std::string file = from.text.substr(from.text.rfind('/') + 1);
    json made = package(id, file, "", "");
    made.erase("versionInfo");
    made["packageFileName"] = file;
    made["checksums"] = checksum(*from.hash);
    const bool is_binary = file.ends_with(".deb");
    made["primaryPackagePurpose"] = is_binary ? "ARCHIVE" : "SOURCE";
    if (from.kind == registry::address::type::debian) {
        // debian:SOURCE/VERSION/FILE has no address that stays, but a package URL. FILE is PACKAGE_VERSION_ARCH.deb.
        const auto parts = base::split(from.text, '/'), names = base::split(file, '_');
        made["versionInfo"] = parts[1];
        made["externalRefs"] = package_reference(
            is_binary && names.size() == 3 ? fmt::format("pkg:deb/debian/{}@{}?arch={}", names[0], parts[1],
                                                         names[2].substr(0, names[2].size() - 4))
                                           : fmt::format("pkg:deb/debian/{}@{}?arch=source", parts[0], parts[1]));
    } else {
        made["downloadLocation"] = from.text;
    }
    made["sourceInfo"] = uri_of(from);
    packages_[id] = made;
    relate(of, "GENERATED_FROM", id);
}

void writer::add(const std::string& name, const registry::version& id, const registry::entry& entry) {
    const registry::recipe& recipe = entry.content;
    const std::string own = identifier("component", name);
    json made = package(own, name, id.text(), recipe.license);
    made["sourceInfo"] = fmt::format("recipe sha256:{} of registry {}, tree sha256:{}", entry.hash.hex(),
                                     entry.registry, what_.how.sources.at(name + " " + id.text()).tree.hex());
    made["externalRefs"] = package_reference(package_url(name, id));
    if (!recipe.summary.empty()) made["summary"] = recipe.summary;
    packages_[own] = made;
    const auto fetched = fetched_by(recipe);
    if (fetched.size() == 1 && fetched.front()->kind == registry::address::type::https)
        packages_[own]["downloadLocation"] = fetched.front()->text;
    for (const registry::address* one : fetched) add_source(own, *one);
    // Signatures and targets say how the image is made; they have no code in it.
    if (recipe.kind == component_kind::signature || recipe.kind == component_kind::target)
        relate(own, "BUILD_DEPENDENCY_OF", image_id);
    else relate(image_id, "CONTAINS", own);
    for (const registry::build_step& step : recipe.build) {
        if (step.kind == registry::build_step::type::members &&
            what_.answer.holds(step.when, name, what_.variant.profile))
            relate(own, "STATIC_LINK", toolchain_id);
    }
}

void writer::add_dependencies() {
    const resolver::resolution& answer = what_.answer;
    const auto depends = [&](const std::string& one, const std::string& other) {
        if (one != other) relate(identifier("component", one), "DEPENDS_ON", identifier("component", other));
    };
    for (const resolver::chosen_component& one : answer.components) {
        for (const registry::require& required : one.entry->content.requires_) {
            if (!answer.holds(required.when, one.name, what_.variant.profile)) continue;
            for (const auto& choice : required.choices) {
                const std::string& name = choice.component.name;
                if (const auto at = answer.image_scope.find(name); at != answer.image_scope.end())
                    depends(one.name, at->second);
                else if (answer.component(name)) depends(one.name, name);
            }
        }
    }
    for (const resolver::chosen_instance& one : answer.instances) {
        for (const auto& [label, filled_by] : one.needs) {
            if (const auto* other = answer.instance(filled_by)) depends(one.component, other->component);
        }
    }
}

// SPDX knows the licences of its list; others have to be given with the document, which has nothing but their names.
json writer::own_licenses() const {
    std::set<std::string> names;
    for (const auto& [id, one] : packages_) {
        const std::string text = one.at("licenseDeclared");
        for (auto at = text.find("LicenseRef-"); at != text.npos; at = text.find("LicenseRef-", at + 1))
            names.insert(text.substr(at, text.find_first_of(" ()+", at) - at));
    }
    json all = json::array();
    for (const std::string& name : names)
        all.push_back({{"licenseId", name}, {"extractedText", "The sources of what is under it have its text."}});
    return all;
}

json writer::write() {
    add_image();
    add_toolchain();
    for (const auto& one : what_.answer.components) add(one.name, one.id, *one.entry);
    for (const auto& one : what_.answer.signatures) add(one.name, one.id, *one.entry);
    add_dependencies();

    const std::string name =
        fmt::format("{}-{}-{}", what_.from.manifest.name, what_.from.manifest.id.text(), what_.variant.name);
    const auto created = static_cast<std::time_t>(std::stoll(fixed_environment().at("SOURCE_DATE_EPOCH")));
    json made{{"spdxVersion", "SPDX-2.3"},
              {"dataLicense", "CC0-1.0"},
              {"SPDXID", document_id},
              {"name", name},
              {"creationInfo",
               {{"created", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(created))},
                {"creators", {"Tool: uk-" + what_.version}}}},
              {"packages", json::array()},
              {"relationships", json::array()}};
    for (const auto& [id, one] : packages_) made["packages"].push_back(one);
    for (const auto& [from, how, to] : relations_)
        made["relationships"].push_back(
            {{"spdxElementId", from}, {"relationshipType", how}, {"relatedSpdxElement", to}});
    if (json own = own_licenses(); !own.empty()) made["hasExtractedLicensingInfos"] = own;
    // Unique, as SPDX asks: another document has another one.
    made["documentNamespace"] = fmt::format("https://spdx.org/spdxdocs/{}-{}", name, gap_for(own_hash).hex());
    return made;
}

} // namespace

json sbom_of(const bundle& what) { return writer{what}.write(); }

} // namespace uk::build
