#include "registry/recipe.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "registry/names.hpp"
#include "registry/recipe_reader.hpp"
#include "registry/workspace.hpp"

namespace uk::registry {

namespace {

using kind = component_kind;

constexpr std::array<std::string_view, 7> kind_names{"signature", "component", "platform",   "target",
                                                     "toolchain", "template",  "application"};

struct kind_field {
    std::string_view field;
    kind only;
};
constexpr kind_field fields_of_kinds[] = {
    {"scope", kind::signature},     {"exclusive", kind::signature},    {"concept", kind::signature},
    {"archetype", kind::signature}, {"conformance", kind::signature},  {"arch", kind::target},
    {"family", kind::target},       {"layout", kind::target},          {"memory", kind::target},
    {"devices", kind::target},      {"prefers", kind::target},         {"package", kind::target},
    {"run", kind::target},          {"sources", kind::application},    {"targets", kind::application},
    {"set", kind::application},     {"stack", kind::application},      {"ports", kind::application},
    {"tests", kind::application},   {"registries", kind::application}, {"overrides", kind::application},
    {"compiler", kind::toolchain},  {"toolchain", kind::application}};
constexpr std::string_view not_for_signatures[] = {"implements", "needs",    "build",      "origin",
                                                   "options",    "settings", "parameters", "singleton"};
constexpr std::string_view not_for_toolchains[] = {"implements", "needs",    "build",      "requires", "conflicts",
                                                   "options",    "settings", "parameters", "headers",  "over"};

kind read_kind(const fields& in, bool is_manifest) {
    static const std::vector<std::string> names{kind_names.begin(), kind_names.end()};
    if (!is_manifest) in.need("kind");
    const auto written = in.choice("kind", names);
    if (written.empty()) return is_manifest ? kind::application : kind::component;
    return static_cast<kind>(std::find(names.begin(), names.end(), written) - names.begin());
}

void check_kind(const fields& in, const recipe& made, bool is_manifest, problems& found) {
    if (is_manifest && made.kind != kind::application)
        found.add(in.where("kind"), "a manifest is of kind `application`, not `{}`", kind_name(made.kind));
    for (const auto& one : fields_of_kinds)
        if (in.has(one.field) && made.kind != one.only)
            found.add(in.where(one.field), "`{}` is a field of kind `{}`, and this is of kind `{}`", one.field,
                      kind_name(one.only), kind_name(made.kind));
    if (in.has("instances") && made.kind != kind::application)
        found.add(fail(status::input, in.where("instances"), "only a manifest names `instances`")
                      .hint("a target's instances are its `devices:`"));
    if (made.kind == kind::toolchain)
        for (const auto field : not_for_toolchains)
            if (in.has(field))
                found.add(in.where(field), "a toolchain is never part of an image: it has no `{}`", field);
    if (made.kind != kind::signature) return;
    for (const auto field : not_for_signatures)
        if (in.has(field))
            found.add(in.where(field), "a signature is an interface and nothing else: it has no `{}`", field);
}

void read_version(const fields& in, recipe& made, bool is_manifest, problems& found) {
    if (!is_manifest) in.need("version");
    if (const auto* written = in.find("version")) {
        const auto text = read_text(*written, "version", found);
        if (auto read = text.empty() ? std::nullopt : found.keep(parse_version(text, written->where))) {
            made.id = *std::move(read);
            if (made.id.revision != 0)
                found.add(fail(status::input, written->where, "`version` holds the revision {}", made.id.revision)
                              .hint(fmt::format("write it as a field of its own: `revision: {}`", made.id.revision)));
        }
    }
    if (const auto* written = in.find("revision")) {
        bool out_of_range = false;
        const auto read = parse_integer(written->text, out_of_range);
        if (!read || *read < 0 || *read > 1'000'000)
            found.add(written->where, "expected a number from 0 to 1000000 for `revision`");
        else made.id.revision = static_cast<unsigned>(*read);
    }
}

void check_format(const fields& in, problems& found) {
    const auto* written = in.find("format");
    if (!written || written->text == "1") return;
    found.add(fail(status::input, written->where, "this version of uk reads format 1, not `{}`", written->text)
                  .hint("a newer uk may read this file"));
}

// One line, for lists.
void check_line(const fields& in, std::string_view field, const std::string& text, problems& found) {
    if (text.find('\n') != std::string::npos || text.size() > 200)
        found.add(in.where(field), "`{}` has to be one line of at most 200 characters", field);
}

std::uint64_t read_stack(const fields& in, problems& found) {
    const auto size = in.size("stack");
    if (!size) return 0;
    constexpr std::uint64_t least = 4 << 10, most = 1 << 30;
    if (*size < least || *size > most || *size % least != 0)
        found.add(in.find("stack")->where, "`stack` has to be a multiple of 4KiB, at most 1GiB");
    return *size;
}

void check_instances(const recipe& made, problems& found) {
    const auto check = [&](const named_instance& one, std::set<std::string>& taken) {
        if (!taken.insert(one.name).second) found.add(one.where, "there are two instances named `{}`", one.name);
    };
    std::set<std::string> all;
    for (const auto& one : made.needs)
        if (!one.with.empty()) all.insert(one.label); // an instance of its own, named like the need
    for (const auto& one : made.instances) check(one, all);
    for (const auto& in : made.variants) {
        auto here = all;
        for (const auto& one : in.instances) check(one, here);
    }
}

std::vector<port> read_ports(const fields& in, problems& found) {
    std::vector<port> ports;
    const auto* written = in.find("ports");
    if (!written) return ports;
    if (!written->is_sequence()) {
        found.add(written->where, "expected a list for `ports`: `ports: [8080, 53/udp]`");
        return ports;
    }
    for (const auto& item : written->items) {
        const auto read = item.is_scalar() ? parse_port(item.text) : std::nullopt;
        if (!read) found.add(item.where, "expected a port such as 8080 or 53/udp, not `{}`", item.text);
        else if (std::find(ports.begin(), ports.end(), *read) != ports.end())
            found.add(item.where, "the port `{}` is there twice", item.text);
        else ports.push_back(*read);
    }
    return ports;
}

void read_application(const fields& in, recipe& made, bool is_manifest, problems& found) {
    if (is_manifest) in.need("targets");
    made.sources = in.paths("sources");
    made.instances = read_instances(in, "instances", found);
    made.set = read_set(in, found);
    made.stack_size = read_stack(in, found);
    made.ports = read_ports(in, found);
    made.tests = in.paths("tests");
    made.toolchain = read_toolchain(in, found);
    made.registries = read_locations(in, "registries", found);
    made.overrides = read_locations(in, "overrides", found);
    made.variants = read_variants(in, made, found);
    check_sharing(made, found);
    check_instances(made, found);
}

void read_all(const fields& in, recipe& made, bool is_manifest, problems& found) {
    check_format(in, found);
    in.need("name");
    made.name = in.text("name");
    made.where = in.where("name");
    if (!made.name.empty()) check_name(made.name, in.find("name")->where, "name", true, found);
    read_version(in, made, is_manifest, found);
    made.kind = read_kind(in, is_manifest);
    check_kind(in, made, is_manifest, found);
    made.category = in.text("category");
    made.summary = in.text("summary");
    made.license = in.text("license");
    for (const auto& [field, text] :
         {std::pair{"category", &made.category}, {"summary", &made.summary}, {"license", &made.license}})
        check_line(in, field, *text, found);
    made.options = read_declarations(in, "options", found); // first: conditions name them
    made.settings = read_declarations(in, "settings", found);
    made.parameters = read_declarations(in, "parameters", found);
    made.when = read_when(in, made.options, found);
    made.singleton = in.flag("singleton");
    made.origins = read_origins(in, found);
    made.implements = read_implements(in, made, found);
    made.needs = read_needs(in, made, found);
    made.requires_ = read_requires(in, "requires", made, found);
    made.conflicts = read_requires(in, "conflicts", made, found);
    made.over = read_dependencies(in, "over", found);
    made.tools = read_dependencies(in, "tools", found);
    made.headers = in.paths("headers");
    made.build = read_build(in, made, found);
    if (made.kind == kind::signature) made.signature = read_signature(in, found);
    if (made.kind == kind::target) {
        made.target = read_target(in, found);
        made.instances = read_instances(in, "devices", found);
    }
    if (made.kind == kind::toolchain) made.compiler = read_compiler(in, found);
    if (made.kind == kind::application) read_application(in, made, is_manifest, found);
}

base::result<recipe> parse(std::string_view text, const std::string& file, bool is_manifest) {
    const auto root = TRY(base::yaml::parse(text, file));
    problems found;
    recipe made;
    made.file = file;
    if (is_manifest && is_workspace(root))
        return fail(status::input, root.find("workspace")->where,
                    "this is the uk.yaml of a workspace, not of an application")
            .hint("`-p NAME` chooses one of its applications");
    if (root.is_null()) return fail(status::input, {.file = file}, "the file is empty");
    const fields in{root, is_manifest ? sets::manifest : sets::component, found};
    if (in.is_mapping()) read_all(in, made, is_manifest, found);
    if (found.any()) return found.take();
    return made;
}

} // namespace

std::string_view kind_name(component_kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

base::result<recipe> parse_recipe(std::string_view text, const std::string& file) { return parse(text, file, false); }

base::result<recipe> parse_manifest(std::string_view text, const std::string& file) { return parse(text, file, true); }

} // namespace uk::registry
