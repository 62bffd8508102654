#include "build/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "build/closure.hpp"
#include "build/planner.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::fail;
using base::result;

planner::planner(const plan_request& request)
    : what{request}, image{*request.manifest, *request.variant, *request.answer, {}, !request.tests.empty()},
      flags{*request.tools, *request.answer->component(request.answer->target)->entry->content.target,
            request.variant->profile} {}

const registry::recipe& planner::recipe(const std::string& component) const {
    return what.answer->component(component)->entry->content;
}

fs::path planner::folder_of(const registry::entry& entry) const {
    const auto found = what.sources.find(entry.content.name);
    return found == what.sources.end() ? entry.folder : found->second.folder;
}

input planner::tree_input(const registry::entry& entry, const std::string& path, const fs::path& folder) const {
    const auto found = what.sources.find(entry.content.name);
    if (found == what.sources.end() || !found->second.is_kept) return {path, host_folder{folder, {}}};
    return {path, host_folder{folder, found->second.tree, folder != found->second.folder}};
}

bool planner::holds(const registry::condition& when, const std::string& component) const {
    return what.answer->holds(when, component, flags.profile);
}

void planner::add_headers(const registry::recipe& recipe, bool everything, registry::build_step::language language,
                          search_path& path, std::vector<input>& inputs) const {
    const std::vector<member> members = everything ? members_of(*what.answer) : closure_of(recipe, *what.answer);
    const bool cxx = language == registry::build_step::language::cxx;
    std::set<std::string> visible{recipe.name};
    for (const member& one : members) {
        visible.insert(one.name);
        if (one.name == recipe.name) continue;
        const registry::recipe& other = one.entry->content;
        std::set<std::string> folders;
        const auto show = [&](const std::string& folder, bool system) {
            // A folder that a `run` step makes is that step's output; others are part of the source.
            std::string place = "src/" + one.name + "/" + folder;
            bool is_made = false;
            if (const auto outputs = made.find(one.name); outputs != made.end()) {
                for (const auto& [output, action] : outputs->second) {
                    if (!base::lies_in(output, folder)) continue;
                    is_made = true;
                    place = "made/" + one.name + "/" + folder;
                    if (folders.insert(output).second)
                        inputs.push_back({"made/" + one.name + "/" + output, output_of{action, output}});
                }
            }
            if (!is_made && folders.insert(folder).second)
                inputs.push_back(tree_input(*one.entry, place, folder_of(*one.entry) / folder));
            auto& list = system ? path.system : path.own;
            if (std::ranges::find(list, place) == list.end()) list.push_back(place);
        };
        for (const std::string& folder : other.headers) show(folder, false);
        for (const registry::build_step& step : other.build) {
            if (!holds(step.when, one.name)) continue;
            const bool c = step.lang == registry::build_step::language::c;
            if (!c && !cxx) continue;
            for (const std::string& folder : step.public_include) show(folder, c);
        }
    }
    for (const generated_file& file : generated) {
        const std::string owner = file.path.substr(0, file.path.find('/'));
        if (everything || visible.contains(owner) ||
            (owner == "app" && recipe.kind == registry::component_kind::application))
            inputs.push_back({"gen/" + file.path, build::generated{file.content}});
    }
    path.own.push_back("gen");
}

std::size_t planner::add(action a) {
    if (what.tools->tree) a.inputs.push_back(*what.tools->tree);
    a.environment.insert(what.tools->environment.begin(), what.tools->environment.end());
    std::ranges::sort(a.inputs, {}, &input::path);
    const auto twice = std::ranges::unique(a.inputs, {}, &input::path);
    a.inputs.erase(twice.begin(), twice.end());
    a.variant = what.variant->name;
    result.actions.push_back(std::move(a));
    return result.actions.size() - 1;
}

std::size_t planner::add_compile(compilation c) {
    action a;
    a.component = c.component;
    a.label = (c.syntax_only ? "check " : "compile ") + c.label;
    a.arguments = compile_flags(flags, c.step, c.headers);
    a.arguments.insert(a.arguments.end(), c.more_flags.begin(), c.more_flags.end());
    for (const auto& [name, value] : c.step.define) {
        std::string text = value;
        if (value.starts_with("$option.")) {
            const auto& options = what.answer->component(c.component)->options;
            const auto found = options.find(value.substr(8));
            text = found == options.end() ? "" : found->second;
            if (text == "true") text = "1";
            if (text == "false") text = "0";
        }
        a.arguments.push_back(fmt::format("-D{}={}", name, text));
    }
    if (c.syntax_only) {
        a.arguments.insert(a.arguments.end(),
                           {"-fsyntax-only", "-fdiagnostics-format=json", "-fconcepts-diagnostics-depth=3", c.source});
        a.keep_errors = true;
    } else {
        a.arguments.insert(a.arguments.end(), {"-fdiagnostics-color=never", "-c", c.source, "-o", c.object_path});
        a.outputs = {c.object_path};
        a.source = c.source;
    }
    a.inputs = std::move(c.inputs);
    a.is_selective = true;
    const std::size_t index = add(std::move(a));
    if (!c.syntax_only) {
        objects.push_back({c.object_path,
                           {index, c.object_path},
                           c.step.lang == registry::build_step::language::c && c.component != "application"});
    }
    return index;
}

std::string glob_root(const std::string& glob) {
    const auto wild = glob.find_first_of("*?[{");
    if (wild == std::string::npos) {
        const auto slash = glob.rfind('/');
        return slash == std::string::npos ? "" : glob.substr(0, slash);
    }
    const auto slash = glob.rfind('/', wild);
    return slash == std::string::npos ? "" : glob.substr(0, slash);
}

result<std::vector<std::string>> expand_globs(const fs::path& root, const std::vector<std::string>& globs,
                                              const std::vector<std::string>& exclude, const base::place& where) {
    std::set<std::string> found;
    std::map<std::string, std::vector<std::string>> listed;
    for (const std::string& glob : globs) {
        const std::string below = glob_root(glob);
        auto at = listed.find(below);
        if (at == listed.end()) {
            std::vector<std::string> files;
            std::error_code ignored;
            if (fs::is_directory(root / below, ignored)) {
                files = TRY(base::list_files(root / below));
                if (!below.empty()) {
                    for (std::string& file : files) file = below + "/" + file;
                }
            }
            at = listed.emplace(below, std::move(files)).first;
        }
        bool any = false;
        for (const std::string& file : at->second) {
            if (!base::matches_glob(glob, file)) continue;
            any = true;
            if (std::ranges::none_of(exclude, [&](const std::string& no) { return base::matches_glob(no, file); }))
                found.insert(file);
        }
        if (!any) return fail(base::status::input, where, "`{}` matches no file", glob);
    }
    return std::vector<std::string>{found.begin(), found.end()};
}

result<plan> make_plan(const plan_request& what) {
    planner p{what};
    CHECK(p.add_embedded());
    p.generated = TRY(config_headers(p.image));
    CHECK(p.add_runs());
    if (!what.check_only) {
        for (const resolver::chosen_component& one : what.answer->components) CHECK(p.add_component(one.name));
    }
    CHECK(p.add_checks());
    if (!what.check_only) {
        CHECK(p.add_application());
        CHECK(what.tests.empty() ? p.add_image() : p.add_tests());
    }
    return std::move(p.result);
}

void append(plan& one, plan other) {
    const std::size_t offset = one.actions.size();
    for (action& a : other.actions) {
        for (input& i : a.inputs) {
            if (auto* from = std::get_if<output_of>(&i.from)) from->action += offset;
        }
        one.actions.push_back(std::move(a));
    }
    for (result_file& file : other.results) {
        if (auto* from = std::get_if<output_of>(&file.from)) from->action += offset;
        one.results.push_back(std::move(file));
    }
    std::ranges::sort(one.results, {}, &result_file::path);
}

} // namespace uk::build
