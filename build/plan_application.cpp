// The actions of the application: its sources against the chosen implementations, and once more against archetypes.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/file.hpp"
#include "build/archetypes.hpp"
#include "build/closure.hpp"
#include "build/planner.hpp"

namespace uk::build {

using base::fail;
using base::result;
using registry::build_step;

namespace {

// nullopt: a header, or nothing that is compiled.
std::optional<build_step::language> language_of(const std::string& file) {
    const std::string extension = std::filesystem::path{file}.extension().string();
    if (extension == ".cpp" || extension == ".cc" || extension == ".cxx") return build_step::language::cxx;
    if (extension == ".c") return build_step::language::c;
    if (extension == ".S" || extension == ".s") return build_step::language::assembler;
    return std::nullopt;
}

bool is_header(const std::string& file) {
    constexpr std::array extensions = {".h", ".hh", ".hpp", ".hxx", ".inc", ".ipp", ".tpp", ".inl", ".def"};
    return std::ranges::find(extensions, std::filesystem::path{file}.extension().string()) != extensions.end();
}

} // namespace

result<application> read_application(const plan_request& what, const std::string& test) {
    application app;
    const registry::recipe& manifest = *what.manifest;
    app.sources = TRY(expand_globs(what.project, manifest.sources, manifest.tests, manifest.where));
    std::set<std::string> roots, headers;
    for (const std::string& glob : manifest.sources) roots.insert(glob_root(glob));
    if (!test.empty()) roots.insert(glob_root(test));
    for (const std::string& root : roots) {
        if (root.empty()) { // only the folder itself: below it lie dist/ and others' things
            for (const auto& entry : std::filesystem::directory_iterator{what.project}) {
                if (entry.is_regular_file() && is_header(entry.path().filename()))
                    headers.insert(entry.path().filename());
            }
        } else {
            for (const std::string& file : TRY(base::list_files(what.project / root))) {
                if (is_header(file)) headers.insert(root + "/" + file);
            }
        }
    }
    app.roots.assign(roots.begin(), roots.end());
    if (!headers.empty()) {
        app.headers = input{"app", host_folder{what.project, {}}};
        std::get<host_folder>(app.headers->from).only =
            std::make_shared<const std::vector<std::string>>(headers.begin(), headers.end());
    }
    return app;
}

result<planner::compilation> planner::compilation_of(const application& app, const std::string& file,
                                                     bool check) const {
    planner::compilation c;
    const auto language = language_of(file);
    if (!language) {
        return fail(base::status::input, what.manifest->where,
                    "`{}` is among the sources, and its ending is of no language that uk compiles", file)
            .hint("endings: .cpp .cc .cxx .c .S .s; headers needn't be listed");
    }
    c.step.lang = *language;
    c.component = "application";
    c.label = file;
    c.source = "app/" + file;
    c.object_path = "obj/application/" + file + ".o";
    if (app.headers) c.inputs.push_back(*app.headers);
    c.inputs.push_back({c.source, host_file{what.project / file}});
    for (const std::string& root : app.roots) c.headers.own.push_back(root.empty() ? "app" : "app/" + root);
    if (std::ranges::find(c.headers.own, "app") == c.headers.own.end()) c.headers.own.push_back("app");
    add_headers(*what.manifest, !check, *language, c.headers, c.inputs);
    return c;
}

result<void> planner::add_application() {
    const generated_file needs = TRY(needs_header(image));
    composition plain = image;
    plain.test = false; // the application's sources are compiled as always
    const generated_file own_needs = TRY(needs_header(plain));
    const generated_file wired = TRY(wiring(image));
    const application app = TRY(read_application(what));

    std::vector<planner::compilation> all;
    if (what.conformance) {
        const generated_file program = conformance_program(image);
        planner::compilation c;
        c.source = "gen/" + program.path;
        c.inputs.push_back({c.source, build::generated{program.content}});
        c.label = "conformance.cpp";
        c.object_path = "obj/application/conformance.cpp.o";
        c.component = "application";
        add_headers(*what.manifest, true, c.step.lang, c.headers, c.inputs);
        all.push_back(std::move(c));
    } else {
        for (const std::string& file : app.sources) all.push_back(TRY(compilation_of(app, file, false)));
    }
    for (planner::compilation& c : all) {
        c.inputs.push_back({"gen/uk/needs.hpp", build::generated{own_needs.content}});
        result.actions[add_compile(std::move(c))].keep_errors = true;
    }

    planner::compilation c;
    c.component = "image";
    c.label = "wiring.cpp";
    c.source = "gen/wiring.cpp";
    c.object_path = "obj/image/wiring.cpp.o";
    c.inputs = {{c.source, build::generated{wired.content}}, {"gen/uk/needs.hpp", build::generated{needs.content}}};
    add_headers(*what.manifest, true, c.step.lang, c.headers, c.inputs);
    result.actions[add_compile(std::move(c))].keep_errors = true;
    return {};
}

result<void> planner::add_checks() {
    // Every instance against the hole that it fills.
    const generated_file needs = TRY(needs_header(image));
    planner::compilation assertions;
    assertions.syntax_only = true;
    assertions.component = "image";
    assertions.label = "what fills each need";
    assertions.source = "gen/check/needs.cpp";
    assertions.inputs = {{assertions.source, build::generated{"#include <uk/needs.hpp>\n"}},
                         {"gen/uk/needs.hpp", build::generated{needs.content}}};
    add_headers(*what.manifest, true, assertions.step.lang, assertions.headers, assertions.inputs);
    add_compile(std::move(assertions));
    if (!what.tests.empty()) return {}; // the rest is said of the application

    // Signatures and components by themselves.
    for (const archetype_check& one : TRY(archetype_checks(image))) {
        const auto signature =
            std::ranges::find(what.answer->signatures, one.component, &resolver::chosen_signature::name);
        const registry::entry& entry = signature != what.answer->signatures.end()
                                           ? *signature->entry
                                           : *what.answer->component(one.component)->entry;
        planner::compilation c;
        c.syntax_only = true;
        c.component = one.component;
        c.label = "by its signatures";
        c.source = "gen/" + one.source.path;
        c.inputs = {{c.source, build::generated{one.source.content}},
                    tree_input(entry, "src/" + one.component, folder_of(entry))};
        for (const std::string& folder : entry.content.headers)
            c.headers.own.push_back("src/" + one.component + "/" + folder);
        for (const build_step& step : entry.content.build) {
            for (const std::string& folder : step.public_include)
                c.headers.own.push_back("src/" + one.component + "/" + folder);
        }
        add_headers(entry.content, false, c.step.lang, c.headers, c.inputs);
        add_compile(std::move(c));
    }

    // The application.
    if (what.conformance) return {};
    const application app = TRY(read_application(what));
    const generated_file archetypes = needs_for_archetypes(image);
    for (const std::string& file : app.sources) {
        planner::compilation c = TRY(compilation_of(app, file, true));
        if (c.step.lang != build_step::language::cxx) continue;
        c.syntax_only = true;
        c.label = file + " by its signatures";
        c.inputs.push_back({"gen/uk/needs.hpp", build::generated{archetypes.content}});
        add_compile(std::move(c));
    }
    return {};
}

} // namespace uk::build
