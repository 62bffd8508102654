// The actions of components: their build steps, and the files that instances embed.
#include <algorithm>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "build/names.hpp"
#include "build/planner.hpp"

namespace uk::build {

using base::fail;
using base::result;
using registry::build_step;

namespace {

// `run`: the source tree's declared inputs are the action's root, so its paths are those of the source tree.
result<void> add_run(planner& p, const std::string& component, const build_step& step) {
    const registry::entry& entry = *p.what.answer->component(component)->entry;
    const auto files = TRY(expand_globs(p.folder_of(entry), step.inputs, {}, step.where));
    action a;
    a.component = component;
    a.label = "run " + step.arguments.front();
    a.arguments = step.arguments;
    if (a.arguments.front().find('/') == std::string::npos)
        a.arguments.front() = p.what.tools->programs + "/" + a.arguments.front();
    for (const std::string& file : files) a.inputs.push_back({file, host_file{p.folder_of(entry) / file}});
    a.outputs = step.outputs;
    const std::size_t index = p.add(std::move(a));
    for (const std::string& output : step.outputs) p.made[component][output] = index;
    return {};
}

result<void> add_compiles(planner& p, const std::string& component, const build_step& step) {
    const registry::entry& entry = *p.what.answer->component(component)->entry;
    const auto files = TRY(expand_globs(p.folder_of(entry), step.files, step.exclude, step.where));

    planner::compilation c;
    c.component = component;
    c.step = step;
    // Its own tree as a whole: sources include their neighbours.
    c.inputs.push_back(p.tree_input(entry, "src/" + component, p.folder_of(entry)));
    const auto own = [&](const std::string& folder) {
        std::string place = "src/" + component + "/" + folder;
        for (const auto& [output, action] : p.made[component]) {
            if (!base::lies_in(output, folder)) continue;
            place = "made/" + component + "/" + folder;
            c.inputs.push_back({"made/" + component + "/" + output, output_of{action, output}});
        }
        c.headers.own.push_back(folder == "." ? "src/" + component : place);
    };
    for (const std::string& folder : step.private_include) own(folder);
    for (const std::string& folder : step.public_include) own(folder);
    for (const build_step& other : p.recipe(component).build) {
        // What its C++ says about its C, and the other way round.
        if (&other == &step || !p.holds(other.when, component)) continue;
        for (const std::string& folder : other.public_include) own(folder);
    }
    for (const std::string& folder : p.recipe(component).headers) own(folder);
    p.add_headers(p.recipe(component), false, step.lang, c.headers, c.inputs);

    for (const std::string& file : files) {
        planner::compilation one = c;
        one.label = file;
        one.source = "src/" + component + "/" + file;
        one.object_path = "obj/" + component + "/" + file + ".o";
        p.add_compile(std::move(one));
    }
    return {};
}

void add_members(planner& p, const std::string& component, const build_step& step) {
    action a;
    a.component = component;
    a.label = "take from " + step.archive;
    a.arguments = {p.what.tools->ar, "x", p.what.tools->library_folder + "/" + step.archive};
    a.arguments.insert(a.arguments.end(), step.members.begin(), step.members.end());
    a.outputs = step.members;
    const std::size_t index = p.add(std::move(a));
    for (const std::string& name : step.members) p.objects.push_back({"obj/" + component + "/" + name, {index, name}});
}

} // namespace

result<void> planner::add_runs() {
    for (const resolver::chosen_component& one : what.answer->components) {
        for (const build_step& step : one.entry->content.build) {
            if (step.kind == build_step::type::run && holds(step.when, one.name)) CHECK(add_run(*this, one.name, step));
        }
    }
    return {};
}

result<void> planner::add_component(const std::string& component) {
    for (const build_step& step : recipe(component).build) {
        if (!holds(step.when, component)) continue;
        if (step.kind == build_step::type::compile && !step.files.empty()) CHECK(add_compiles(*this, component, step));
        if (step.kind == build_step::type::members) add_members(*this, component, step);
    }
    return {};
}

// For each instance of a component with an `embed` step: an object that holds the folder's files behind an index of
// uk::file (recipes/core, uk/files.hpp).
result<void> planner::add_embedded() {
    for (const resolver::chosen_instance& one : what.answer->instances) {
        for (const build_step& step : recipe(one.component).build) {
            if (step.kind != build_step::type::embed || !holds(step.when, one.component)) continue;
            const std::string setting = step.embed.substr(step.embed.find('.') + 1);
            const auto given = one.settings.find(setting);
            if (given == one.settings.end()) continue; // the wiring says what is missing
            const std::filesystem::path folder = what.project / given->second;
            if (!std::filesystem::is_directory(folder)) {
                return fail(base::status::input, what.manifest->where, "`{}` embeds the folder `{}`, which isn't there",
                            one.name, given->second);
            }
            const std::vector<std::string> files = TRY(base::list_files(folder));
            image.embedded[one.name] = files.size();
            if (files.empty() || what.check_only) continue;

            const std::string symbol = "uk_files_" + cpp_name(one.name);
            // In a hosted image the index is relocated at start, and read-only afterwards.
            const char* section = flags.target.family == "hosted" ? ".data.rel.ro" : ".rodata";
            std::string index =
                fmt::format("    .section {}.{}, \"a{}\"\n    .balign 8\n    .globl {}\n    .hidden {}\n{}:\n", section,
                            symbol, flags.target.family == "hosted" ? "w" : "", symbol, symbol, symbol);
            std::string contents = fmt::format("    .section .rodata.{}_contents, \"a\"\n", symbol);
            action a;
            a.component = one.component;
            a.label = fmt::format("embed {} for {}", given->second, one.name);
            for (std::size_t i = 0; i < files.size(); ++i) {
                index += fmt::format("    .quad name{}, {}, file{}, end{} - file{}\n", i, files[i].size(), i, i, i);
                contents += fmt::format("name{}:\n    .ascii {}\n    .balign 16\nfile{}:\n    .incbin {}\nend{}:\n", i,
                                        cpp_string(files[i]), i, cpp_string("files/" + files[i]), i);
            }
            const std::string source = fmt::format("gen/embed/{}.S", one.name),
                              object_path = fmt::format("obj/embed/{}.o", one.name);
            a.arguments = {what.tools->c, "-c", source, "-o", object_path};
            a.inputs = {
                {"files", host_folder{folder, std::nullopt}},
                {source, build::generated{index + contents + "    .section .note.GNU-stack, \"\", @progbits\n"}}};
            a.outputs = {object_path};
            objects.push_back({object_path, {add(std::move(a)), object_path}});
        }
    }
    return {};
}

} // namespace uk::build
