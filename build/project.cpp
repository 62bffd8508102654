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

} // namespace

namespace {

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
    for (auto& [name, at] : TRY(local_overrides(to.folder, how))) {
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
            const used_registry used = TRY(use_git(name, at, before, to.folder, kept, how.fresh, how));
            CHECK(to.components.override_one(name, used.root, "git", at.where));
            to.overrides.emplace(name, used.at);
        } else {
            const fs::path folder = (to.folder / at.path).lexically_normal();
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
    const std::string text = TRY(base::read_file(file, 4 << 20));
    registry::recipe manifest = TRY(registry::parse_manifest(text, shown(folder, "uk.yaml")));

    std::optional<resolver::lock> locked;
    if (const fs::path lock_file = folder / "uk.lock"; fs::exists(lock_file)) {
        const std::string lock_text = TRY(base::read_file(lock_file, 16 << 20));
        locked = TRY(resolver::parse_lock(lock_text, shown(folder, "uk.lock")));
    }
    std::vector<base::diagnostic> warnings;
    auto registries = TRY(use_registries(manifest, locked, folder, data, kept, how, warnings));
    registry::index components = TRY(registry::index::open(registries.front().root));
    for (std::size_t i = 1; i < registries.size(); ++i)
        CHECK(components.add(registries[i].root, registries[i].name, manifest.registries.at(registries[i].name).where));
    CHECK(add_own_components(components, folder));
    project made{.folder = folder,
                 .manifest = std::move(manifest),
                 .components = std::move(components),
                 .locked = std::move(locked),
                 .registries = std::move(registries),
                 .overrides = {},
                 .own = {folder / "recipes"},
                 .warnings = std::move(warnings)};
    CHECK(add_overrides(made, kept, how));
    CHECK(made.components.check_names());
    return made;
}

namespace {

std::string key_of(const std::string& name, const registry::version& id) { return name + " " + id.text(); }

} // namespace

result<void> fetch_sources(const resolver::resolution& answer, store& into, const settle_options& how,
                           std::map<std::string, registry::source_tree>& sources) {
    const registry::source_options options{
        .store = into.home() / "sources", .offline = how.offline, .progress = how.progress};
    const auto fetch = [&](const std::string& name, const registry::version& id,
                           const registry::entry& entry) -> result<void> {
        if (sources.contains(key_of(name, id))) return {};
        sources[key_of(name, id)] = TRY(registry::fetch(entry, options));
        return {};
    };
    for (const auto& one : answer.components) CHECK(fetch(one.name, one.id, *one.entry));
    for (const auto& one : answer.signatures) CHECK(fetch(one.name, one.id, *one.entry));
    return {};
}

std::map<std::string, registry::source_tree> sources_of(const resolver::resolution& answer,
                                                        const std::map<std::string, registry::source_tree>& sources) {
    std::map<std::string, registry::source_tree> own;
    for (const auto& one : answer.components) own[one.name] = sources.at(key_of(one.name, one.id));
    for (const auto& one : answer.signatures) own[one.name] = sources.at(key_of(one.name, one.id));
    return own;
}

namespace {

// A locked version whose recipe or source is another one now: never taken silently.
result<void> check_locked(const project& what, const resolver::lock& fresh) {
    for (const resolver::locked_component& one : fresh.components) {
        const auto old = std::ranges::find_if(
            what.locked->components, [&](const auto& other) { return other.name == one.name && other.id == one.id; });
        if (old == what.locked->components.end() || *old == one || old->registry != one.registry) continue;
        return fail(status::outdated, {(what.folder / "uk.lock").lexically_normal().string(), 0, 0},
                    "the {} of `{} {}` isn't the one that was locked", old->recipe != one.recipe ? "recipe" : "source",
                    one.name, one.id.text())
            .hint("`uk lock` accepts what is there now");
    }
    return {};
}

} // namespace

namespace {

void warn_of_yanked(project& what, const std::vector<resolver::resolution>& answers) {
    std::set<std::string> said;
    for (const resolver::resolution& answer : answers) {
        for (const resolver::chosen_component& one : answer.components) {
            const registry::yank* yanked = what.components.yanked(one.name, one.id);
            if (!yanked || !said.insert(key_of(one.name, one.id)).second) continue;
            what.warnings.push_back(
                {{},
                 fmt::format("uk.lock keeps `{}`, which is yanked: {}", key_of(one.name, one.id), yanked->reason),
                 {},
                 fmt::format("`uk update {}` moves on", one.name)});
        }
    }
}

} // namespace

result<settled> settle(project& what, const toolchain& tools, store& into, const settle_options& how) {
    settled s;
    for (const std::string& name : how.update) CHECK(what.components.known_versions(name));
    std::vector<const resolver::resolution*> above;
    s.answers.reserve(what.manifest.variants.size());
    for (const registry::variant& variant : what.manifest.variants) {
        const resolver::request request{.manifest = &what.manifest,
                                        .components = &what.components,
                                        .variant = &variant,
                                        .locked = what.locked ? &*what.locked : nullptr,
                                        .update = how.update,
                                        .above = &above};
        s.answers.push_back(TRY(resolver::resolve(request)));
        above.push_back(&s.answers.back());
    }
    warn_of_yanked(what, s.answers);
    for (const resolver::resolution& answer : s.answers) CHECK(fetch_sources(answer, into, how, s.sources));

    std::map<std::string, base::sha256> trees;
    for (const auto& [key, tree] : s.sources) trees[key] = tree.tree;
    resolver::locked_toolchain mine{tools.name, tools.version, tools.fingerprint};
    std::string written_edition = edition;
    if (what.locked && what.locked->toolchain && !how.accept_toolchain) {
        if (*what.locked->toolchain != mine) {
            const auto& old = *what.locked->toolchain;
            const std::string said =
                old.version != mine.version
                    ? fmt::format("uk.lock was made with {} {}, and this machine has {}", old.name, old.version,
                                  mine.version)
                    : fmt::format("this machine's {} {} isn't the very one that uk.lock was made with", mine.name,
                                  mine.version);
            if (how.locked)
                return error{status::outdated,
                             said,
                             {(what.folder / "uk.lock").lexically_normal().string(), 0, 0},
                             "`uk lock --toolchain` accepts this one; images may differ"};
            what.warnings.push_back({{}, said, {}, "`uk lock --toolchain` accepts this one; images may differ"});
        }
        mine = *what.locked->toolchain;
    }
    if (what.locked && !how.renew && what.locked->edition != edition) {
        written_edition = what.locked->edition;
        what.warnings.push_back({{},
                                 fmt::format("uk.lock is of edition {}, and this uk makes images of edition {}",
                                             what.locked->edition, edition),
                                 {},
                                 "`uk lock` moves on"});
    }
    s.lock = resolver::make_lock(s.answers, trees);
    s.lock.edition = written_edition;
    s.lock.toolchain = mine;
    for (const used_registry& one : what.registries) s.lock.registries.emplace(one.name, one.at);
    s.lock.overrides = what.overrides;
    if (what.is_local || (what.locked && *what.locked == s.lock)) return s;

    if (how.locked) {
        const std::string lock_file = (what.folder / "uk.lock").lexically_normal().string();
        if (!what.locked)
            return error{status::outdated,
                         "there is no uk.lock",
                         {lock_file, 0, 0},
                         "`uk lock` writes it; keep it with the sources"};
        if (what.locked->registries == s.lock.registries ||
            !resolver::first_difference(*what.locked, s.lock).starts_with("the registry"))
            return error{status::outdated,
                         "uk.lock doesn't answer uk.yaml: " + resolver::first_difference(*what.locked, s.lock),
                         {lock_file, 0, 0},
                         "`uk lock` brings it up to date"};
        return s; // another state of the registry with the same recipes: nothing of the answer differs
    }
    if (what.locked && !how.renew) CHECK(check_locked(what, s.lock));
    for (const used_registry& one : what.registries) CHECK(keep_registry(into, one));
    CHECK(base::write_file(what.folder / "uk.lock", resolver::write_lock(s.lock)));
    s.lock_written = true;
    return s;
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

std::set<fs::path> depends_on(const project& what, const settled& how, const toolchain& tools) {
    std::set<fs::path> paths;
    const fs::path folder = fs::absolute(what.folder).lexically_normal();
    std::error_code ignored;
    paths.insert(fs::read_symlink("/proc/self/exe", ignored)); // uk itself
    for (const char* file : {"uk.yaml", "uk.local.yaml", "uk.lock", "recipes"}) paths.insert(folder / file);
    paths.insert(tools.cxx);
    paths.insert(fs::path{tools.library_folder} / "cc1plus");
    const auto add_tree = [&](const fs::path& root) {
        paths.insert(root);
        for (const auto& entry : fs::recursive_directory_iterator(root, fs::directory_options::none, ignored))
            paths.insert(entry.path());
    };
    for (const used_registry& one : what.registries) {
        for (const char* part : registry_parts) add_tree(one.root / part);
    }
    for (const fs::path& own : what.own) add_tree(fs::absolute(own).lexically_normal());
    // The application's sources and headers, and the folders that are embedded.
    for (const std::string& glob : what.manifest.sources) {
        const auto wild = glob.find_first_of("*?");
        const std::string root = glob.substr(0, glob.rfind('/', wild) == std::string::npos ? 0 : glob.rfind('/', wild));
        if (!root.empty()) {
            add_tree(folder / root);
            continue;
        }
        for (const auto& entry : fs::directory_iterator(folder, ignored)) {
            if (entry.is_regular_file()) paths.insert(entry.path());
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
    return paths;
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
