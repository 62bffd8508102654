#include "build/project.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/directory.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "resolver/resolver.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

result<void> add_own_components(registry::index& components, const fs::path& folder) {
    const fs::path own = folder / "recipes";
    if (!fs::is_directory(own)) return {};
    std::vector<fs::path> found;
    for (const auto& name : fs::directory_iterator{own}) {
        if (!name.is_directory()) continue;
        for (const auto& id : fs::directory_iterator{name.path()}) {
            if (fs::exists(id.path() / "recipe.yaml")) found.push_back(id.path().lexically_normal());
        }
    }
    std::ranges::sort(found);
    return components.override_with(found);
}

std::string shown(const fs::path& folder, const char* name) {
    return folder == "." ? name : (folder / name).lexically_normal().string();
}

// `overrides:` of uk.local.yaml go before those of uk.yaml.
result<std::map<std::string, registry::location>> local_overrides(const fs::path& folder, const open_options& how) {
    const fs::path file = folder / "uk.local.yaml";
    if (!fs::exists(file)) return std::map<std::string, registry::location>{};
    const std::string text = TRY(base::read_file(file, 1 << 20));
    auto made = TRY(registry::parse_local(text, shown(folder, "uk.local.yaml")));
    if (how.locked && !made.empty())
        return fail(status::outdated, made.begin()->second.where,
                    "`--locked` takes nothing from uk.local.yaml, which overrides `{}`", made.begin()->first)
            .hint("move the file away; it is for this machine alone");
    return made;
}

result<void> add_overrides(project& to, store& kept, const open_options& how) {
    for (auto& [name, at] : TRY(local_overrides(to.top, how))) {
        to.is_local = true;
        to.warnings.push_back(
            {{},
             fmt::format("`{}` comes from {}, as uk.local.yaml says; uk.lock stays as it is", name, at.path),
             {},
             ""});
        to.manifest.overrides.insert_or_assign(name, std::move(at));
    }
    for (const auto& [name, at] : to.manifest.overrides) {
        if (at.is_git()) {
            const auto* before =
                to.locked && to.locked->overrides.contains(name) ? &to.locked->overrides.at(name) : nullptr;
            const used_registry used = TRY(use_git(name, at, before, to.top, kept, how));
            CHECK(to.components.override_one(name, used.root, "git", at.where));
            to.overrides.emplace(name, used.at);
        } else {
            const fs::path folder = (to.top / at.path).lexically_normal();
            CHECK(to.components.override_one(name, folder, "path", at.where));
            to.own.push_back(folder);
        }
    }
    return {};
}

} // namespace

result<project> open_project(const fs::path& folder, const fs::path& data, store& kept, const open_options& how) {
    const fs::path file = folder / "uk.yaml";
    if (!fs::exists(file)) {
        return error{status::input,
                     "there is no uk.yaml here",
                     {file.lexically_normal().string(), 0, 0},
                     "`uk init NAME` makes an application; `-C DIR` works in another folder"};
    }
    project made{.folder = folder, .top = folder};
    if (const auto top = TRY(workspace_at(folder)))
        return fail(status::usage, top->content.where, "this is a workspace: which of its applications is meant?")
            .hint(fmt::format("`-p NAME` chooses one of {}", top->names()));
    auto around = TRY(workspace_of(folder));
    if (around) {
        made.top = around->root;
        made.application = around->in(folder)->manifest.name;
        for (auto& [name, one] : around->applications)
            (name == made.application ? made.manifest : made.others.emplace_back()) = std::move(one.manifest);
        made.manifest.registries = around->content.registries;
        made.manifest.overrides = around->content.overrides;
        made.manifest.toolchain = around->content.toolchain;
    } else {
        made.manifest = TRY(registry::parse_manifest(TRY(base::read_file(file, 4 << 20)), shown(folder, "uk.yaml")));
    }
    if (const fs::path lock_file = made.top / "uk.lock"; fs::exists(lock_file))
        made.locked = TRY(resolver::parse_lock(TRY(base::read_file(lock_file, 16 << 20)), shown(made.top, "uk.lock")));

    made.registries = TRY(use_registries(made.manifest, made.locked, made.top, data, kept, how, made.warnings));
    made.components = TRY(registry::index::open(made.registries.front().root));
    for (std::size_t i = 1; i < made.registries.size(); ++i) {
        const used_registry& one = made.registries[i];
        CHECK(made.components.add(one.root, one.name, made.manifest.registries.at(one.name).where));
    }
    CHECK(add_own_components(made.components, made.top));
    made.own.push_back(made.top / "recipes");
    if (around) {
        CHECK(made.components.override_with(around->components));
        made.own.insert(made.own.end(), around->components.begin(), around->components.end());
    }
    CHECK(add_overrides(made, kept, how));
    CHECK(made.components.check_names());
    return made;
}

result<plan> plan_variant(const project& what, const settled& how, const toolchain& tools, const std::string& variant,
                          bool check_only, bool conformance) {
    const auto answer = std::ranges::find(how.answers, variant, &resolver::resolution::variant);
    const auto chosen = std::ranges::find(what.manifest.variants, variant, &registry::variant::name);
    const plan_request request{.manifest = &what.manifest,
                               .project = what.folder,
                               .variant = &*chosen,
                               .answer = &*answer,
                               .tools = &tools,
                               .sources = sources_of(*answer, how.sources),
                               .check_only = check_only,
                               .conformance = conformance,
                               .tests = {}};
    return make_plan(request);
}

watched depends_on(const project& what, const settled& how, const toolchain& tools) {
    watched all;
    path_set& paths = all.inputs;
    const fs::path folder = fs::absolute(what.folder).lexically_normal();
    std::error_code ignored;
    paths.insert(fs::read_symlink("/proc/self/exe", ignored)); // uk itself
    paths.insert(folder / "uk.yaml");
    const fs::path top = fs::absolute(what.top).lexically_normal();
    for (const char* file : {"uk.yaml", "uk.local.yaml", "recipes"}) paths.insert(top / file);
    (how.lock_written ? all.outputs : paths).insert(top / "uk.lock");
    for (const registry::recipe& other : what.others) paths.insert(fs::absolute(other.file).lexically_normal());
    if (tools.tree) {
        all.outputs.insert(std::get<host_folder>(tools.tree->from).folder); // never changes; maybe fetched just now
    } else {
        paths.insert(tools.cxx);
        paths.insert(fs::path{tools.library_folder} / "cc1plus");
    }
    const auto add_tree = [&](const fs::path& root) {
        paths.insert(root);
        for (const auto& entry : fs::recursive_directory_iterator(root, fs::directory_options::none, ignored))
            paths.insert(entry.path());
    };
    for (const used_registry& one : what.registries) {
        for (const char* part : registry_parts) add_tree(one.root / part);
    }
    for (const fs::path& own : what.own) add_tree(fs::absolute(own).lexically_normal());
    all.choices = paths;
    // The application's sources and headers, and the folders that are embedded.
    for (const std::string& glob : what.manifest.sources) {
        const std::string root = glob_root(glob);
        if (!root.empty()) {
            add_tree(folder / root);
            continue;
        }
        // The project's own folder also holds what builds write: it counts by its files' names.
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            if (entry.is_regular_file() && entry.path() != folder / "uk.lock" &&
                entry.path().filename() != "compile_commands.json")
                paths.insert(entry.path());
        }
        all.names[{folder, ""}] = names_in(folder, "");
        if (glob.find('/') == std::string::npos && glob.find("**") == std::string::npos) continue;
        all.names[{folder, glob}] = names_in(folder, glob);
        for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
            if (base::matches_glob(glob, entry.path().lexically_relative(folder).string())) paths.insert(entry.path());
        }
    }
    for (const resolver::resolution& answer : how.answers) {
        for (const resolver::chosen_instance& one : answer.instances) {
            for (const registry::build_step& step : answer.component(one.component)->entry->content.build) {
                if (step.embed.empty()) continue;
                const auto given = one.settings.find(step.embed.substr(step.embed.find('.') + 1));
                if (given != one.settings.end()) add_tree(folder / given->second);
            }
        }
    }
    return all;
}

result<std::vector<const registry::variant*>> chosen_variants(const registry::recipe& manifest,
                                                              const std::vector<std::string>& names) {
    std::vector<std::string> known;
    for (const registry::variant& one : manifest.variants) known.push_back(one.name);
    for (const std::string& name : names) {
        if (std::ranges::find(known, name) == known.end())
            return fail(status::usage, {}, "uk.yaml has no variant `{}`{}", name, base::did_you_mean(name, known))
                .hint("there are " + base::join(known, ", "));
    }
    std::vector<const registry::variant*> chosen;
    for (const registry::variant& one : manifest.variants) {
        if (names.empty() || std::ranges::find(names, one.name) != names.end()) chosen.push_back(&one);
    }
    return chosen;
}

} // namespace uk::build
