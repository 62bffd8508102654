// A toolchain that is a component: its tree lies in the root of every action, at toolchain/, and its programs start through its own loader.
#include <fmt/format.h>

#include "base/text.hpp"
#include "build/toolchain.hpp"
#include "registry/loader.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

result<toolchain> toolchain_of(const registry::entry& component, const registry::source_tree& tree) {
    const registry::compiler_part& parts = *component.content.compiler;
    const auto place = [](const std::string& path) { return fmt::format("{}/{}", registry::toolchain_place, path); };
    toolchain t{.name = component.content.name,
                .version = component.content.id.text(),
                .architecture = parts.architecture,
                .c = place(parts.c),
                .cxx = place(parts.cxx),
                .ar = place(parts.programs + "/ar"),
                .objcopy = place(parts.programs + "/objcopy"),
                .strip = place(parts.programs + "/strip"),
                .gcc_include = place(parts.c_headers),
                .cxx_include = {},
                .library_folder = place(parts.archives),
                .mounts = {},
                .fingerprint = tree.tree};
    std::vector<std::string> libraries;
    for (const std::string& folder : parts.cxx_headers) t.cxx_include.push_back(place(folder));
    for (const std::string& folder : parts.libraries) libraries.push_back(place(folder));
    // as and ld are found by the compiler through PATH, shared libraries by the loader.
    t.programs = place(parts.programs);
    t.environment = {{"LD_LIBRARY_PATH", base::join(libraries, ":")}, {"PATH", t.programs}};
    t.tree = input{registry::toolchain_place, host_folder{tree.folder, tree.tree}};

    std::vector<std::string> parts_of_it{parts.c, parts.cxx, parts.c_headers, parts.archives + "/libgcc.a"};
    for (const auto* folders : {&parts.cxx_headers, &parts.libraries})
        parts_of_it.insert(parts_of_it.end(), folders->begin(), folders->end());
    for (const char* program : {"ar", "as", "ld", "objcopy", "strip"})
        parts_of_it.push_back(parts.programs + "/" + program);
    for (const std::string& part : parts_of_it) {
        std::error_code ignored;
        if (!fs::exists(tree.folder / part, ignored))
            return fail(status::source, component.content.where, "the toolchain `{} {}` has no `{}`", t.name, t.version,
                        part);
    }
    return t;
}

} // namespace uk::build
