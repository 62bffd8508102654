#include "base/text.hpp"
#include "registry/names.hpp"
#include "registry/recipe_reader.hpp"

namespace uk::registry {

namespace {

// `concept: {name: …, header: …}` and its like.
void read_code(const fields& in, std::string_view field, const field_set& set, std::string_view what, std::string& name,
               std::string& header, problems& found) {
    const auto* written = in.find(field);
    if (!written) return;
    const fields one{*written, set, found};
    one.need(what);
    one.need("header");
    name = one.text(what);
    header = one.text("header");
    if (!name.empty() && !is_qualified_identifier(name))
        found.add(one.where(what), "`{}` is no name of C++, such as `uk::net::Flow`", name);
    if (!header.empty() && !is_header(header))
        found.add(one.where("header"), "`{}` is no name of a header, such as `uk/net/flow.hpp`", header);
}

void read_memory(const fields& in, target_part& made, problems& found) {
    const auto* written = in.find("memory");
    if (!written) return;
    if (!written->is_mapping()) {
        made.memory = in.size("memory").value_or(0);
        return;
    }
    const fields regions{*written, sets::memory, found};
    if (const auto* ram = regions.find("ram")) {
        const fields region{*ram, sets::memory_region, found};
        region.need("size");
        made.memory = region.size("size").value_or(0);
    } else {
        regions.need("ram");
    }
}

void read_prefers(const fields& in, target_part& made, problems& found) {
    const auto* written = in.find("prefers");
    if (!written) return;
    if (!written->is_mapping())
        return found.add(written->where, "expected a mapping for `prefers`: `prefers: {{console: uart0}}`");
    for (const auto& [key, value] : written->entries) {
        auto signature = read_dependency(key.text, key.where, found);
        const auto provider = read_text(value, key.text, found);
        if (signature && !provider.empty() && check_name(provider, value.where, "component or instance", true, found))
            made.prefers.emplace_back(*std::move(signature), provider);
    }
}

void read_run(const fields& in, target_part& made, problems& found) {
    static const std::vector<std::string> emulators{"qemu", "xen"};
    const auto* written = in.find("run");
    if (!written) return;
    const fields one{*written, sets::run, found};
    const auto emulator = one.choice("emulator", emulators);
    const bool process = one.flag("process");
    if (one.has("emulator") && one.has("process"))
        found.add(one.where("process"), "an image runs as a process or in an emulator, not both");
    else if (!process && !one.has("emulator") && one.is_mapping())
        found.add(written->where, "`run` needs `emulator: qemu` (or `xen`), or `process: true`");
    made.runner = process ? "process" : emulator;
    made.machines = one.texts("machines");
    for (const auto& machine : made.machines) check_name(machine, one.where("machines"), "machine", true, found);
    if (!made.machines.empty() && made.runner != "qemu") found.add(one.where("machines"), "only `qemu` has `machines`");
}

} // namespace

signature_part read_signature(const fields& in, problems& found) {
    static const std::vector<std::string> scopes{"instance", "image"};
    signature_part made;
    made.image_scope = in.choice("scope", scopes) == "image";
    made.exclusive = in.flag("exclusive");
    if (made.image_scope && made.exclusive)
        found.add(in.where("exclusive"), "nobody holds a signature of scope image in hand, so it can't be `exclusive`");
    if (made.image_scope && in.has("concept"))
        found.add(in.where("concept"), "a signature of scope image is plain functions; it has no `concept`");
    if (made.image_scope && in.has("archetype"))
        found.add(in.where("archetype"), "a signature of scope image has no `archetype`");
    if (!made.image_scope) {
        in.need("concept");
        in.need("archetype");
    }
    read_code(in, "concept", sets::concept_, "name", made.concept_name, made.concept_header, found);
    read_code(in, "archetype", sets::archetype, "class", made.archetype_class, made.archetype_header, found);
    read_code(in, "conformance", sets::conformance, "function", made.conformance_function, made.conformance_header,
              found);
    return made;
}

target_part read_target(const fields& in, problems& found) {
    static const std::vector<std::string> families{"hosted", "unikernel", "simulated"}, packages{"elf", "xl"},
        architectures{"x86_64"};
    target_part made;
    for (const auto field : {"arch", "family", "package"}) in.need(field);
    made.architecture = in.choice("arch", architectures);
    made.family = in.choice("family", families);
    made.layout = in.path("layout");
    read_memory(in, made, found);
    made.package = in.texts("package");
    for (const auto& one : made.package)
        if (one != "elf" && one != "xl")
            found.add(in.where("package"), "`{}` is no form of package that this version of uk makes{}", one,
                      base::did_you_mean(one, packages));
    read_prefers(in, made, found);
    read_run(in, made, found);
    return made;
}

compiler_part read_compiler(const fields& in, problems& found) {
    static const std::vector<std::string> architectures{"x86_64"};
    compiler_part made;
    in.need("origin");
    in.need("compiler");
    const auto* written = in.find("compiler");
    if (!written) return made;
    const fields one{*written, sets::compiler, found};
    for (const auto field : sets::compiler.names) one.need(field);
    made.architecture = one.choice("arch", architectures);
    made.libraries = one.paths("libraries");
    made.cxx_headers = one.paths("c++-headers");
    for (const auto& [field, to] : {std::pair{"loader", &made.loader},
                                    {"programs", &made.programs},
                                    {"c", &made.c},
                                    {"c++", &made.cxx},
                                    {"c-headers", &made.c_headers},
                                    {"archives", &made.archives}})
        *to = one.path(field);
    return made;
}

std::optional<dependency> read_toolchain(const fields& in, problems& found) {
    const auto* written = in.find("toolchain");
    if (!written) return std::nullopt;
    const auto text = in.text("toolchain");
    return text.empty() ? std::nullopt : read_dependency(text, written->where, found);
}

} // namespace uk::registry
