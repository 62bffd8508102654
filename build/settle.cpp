// Resolving a project's variants, and its lock.
#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "build/project.hpp"
#include "resolver/resolver.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

std::string lock_file(const project& what) { return (what.top / "uk.lock").lexically_normal().string(); }

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
        const resolver::locked_component* old = what.locked->component(one.name, one.id);
        if (!old || *old == one || old->registry != one.registry) continue;
        return fail(status::outdated, {lock_file(what), 0, 0}, "the {} of `{} {}` isn't the one that was locked",
                    old->recipe != one.recipe ? "recipe" : "source", one.name, one.id.text())
            .hint("`uk lock` accepts what is there now");
    }
    return {};
}

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

namespace {

// The component; or this machine's own, unless another machine's is locked: then that, with a warning, or an error under --locked.
result<resolver::locked_toolchain> lock_toolchain(project& what, const toolchain& tools, const settle_options& how) {
    if (what.toolchain) return resolver::locked_toolchain{tools.name, tools.version, {}, {}};
    const resolver::locked_toolchain mine{tools.name, tools.version, tools.fingerprint, tools.parts};
    if (!what.locked || !what.locked->toolchain || how.accept_toolchain) return mine;
    const auto& old = *what.locked->toolchain;
    if (!old.fingerprint) return mine; // a component that uk.yaml doesn't ask for any more
    if (old.name == mine.name && old.version == mine.version && old.fingerprint == mine.fingerprint) return old;
    std::vector<std::string> others;
    for (const auto& [name, hash] : mine.parts)
        if (const auto part = old.parts.find(name); part != old.parts.end() && part->second != hash)
            others.push_back(name);
    const std::string said =
        old.version != mine.version
            ? fmt::format("uk.lock was made with {} {}, and this machine has {}", old.name, old.version, mine.version)
            : fmt::format("this machine's {} {} isn't the very one that uk.lock was made with{}", mine.name,
                          mine.version, others.empty() ? "" : ": other " + base::join(others, ", "));
    const std::string hint = "`uk lock --toolchain` accepts this one; images may differ";
    if (how.locked) return error{status::outdated, said, {lock_file(what), 0, 0}, hint};
    what.warnings.push_back({{}, said, {}, hint});
    return old;
}

std::string settle_edition(project& what, const settle_options& how) {
    if (!what.locked || how.renew || what.locked->edition == edition) return edition;
    what.warnings.push_back(
        {{},
         fmt::format("uk.lock is of edition {}, and this uk makes images of edition {}", what.locked->edition, edition),
         {},
         "`uk lock` moves on"});
    return what.locked->edition;
}

// A toolchain would be built into an image.
result<void> check_kinds(const registry::recipe& manifest, const resolver::resolution& answer) {
    for (const resolver::chosen_component& one : answer.components) {
        if (one.entry->content.kind != registry::component_kind::toolchain) continue;
        base::place where = manifest.where;
        const auto look = [&](const registry::recipe& recipe) {
            for (const registry::require& asks : recipe.requires_)
                for (const registry::require::choice& other : asks.choices)
                    if (other.component.name == one.name) where = other.component.where;
        };
        for (const resolver::chosen_component& other : answer.components) look(other.entry->content);
        look(manifest);
        return fail(status::input, where, "`{}` is a toolchain, which no image has in it", one.name)
            .hint(fmt::format("`toolchain: {} ^{}` in uk.yaml asks for it", one.name, one.id.text_short()));
    }
    return {};
}

// One application's variants; `above`: those solved before, to which these are added.
result<std::vector<resolver::resolution>> solve(const project& what, const registry::recipe& manifest,
                                                const std::string& application, const settle_options& how,
                                                std::vector<const resolver::resolution*>& above) {
    std::optional<resolver::lock> locked;
    if (what.locked) locked = resolver::part_of(*what.locked, application);
    std::vector<resolver::resolution> answers;
    answers.reserve(manifest.variants.size());
    for (const registry::variant& variant : manifest.variants) {
        const resolver::request request{.manifest = &manifest,
                                        .components = &what.components,
                                        .variant = &variant,
                                        .locked = locked ? &*locked : nullptr,
                                        .update = how.update,
                                        .above = &above};
        answers.push_back(TRY(resolver::resolve(request)));
        CHECK(check_kinds(manifest, answers.back()));
        above.push_back(&answers.back());
    }
    return answers;
}

// Trees of what another application is made of, by `name version`: as locked, else fetched.
result<std::map<std::string, base::sha256>> trees_of(const project& what, const resolver::resolution& answer,
                                                     store& into, const settle_options& how,
                                                     std::map<std::string, registry::source_tree>& sources) {
    std::map<std::string, base::sha256> trees;
    const auto is_known = [&](const std::string& name, const registry::version& id, const registry::entry& entry) {
        const auto* one = what.locked ? what.locked->component(name, id) : nullptr;
        if (!one || one->registry != entry.registry || one->recipe != entry.hash) return false;
        if (one->source) trees[key_of(name, id)] = *one->source;
        return true;
    };
    bool all = true;
    for (const auto& one : answer.components) all = is_known(one.name, one.id, *one.entry) && all;
    for (const auto& one : answer.signatures) all = is_known(one.name, one.id, *one.entry) && all;
    if (!all) CHECK(fetch_sources(answer, into, how, sources));
    return trees;
}

result<void> settle_locked(const project& what, const resolver::lock& fresh) {
    if (!what.locked)
        return error{status::outdated,
                     "there is no uk.lock",
                     {lock_file(what), 0, 0},
                     "`uk lock` writes it; keep it with the sources"};
    const std::string differs = resolver::first_difference(*what.locked, fresh);
    if (what.locked->registries == fresh.registries || !differs.starts_with("the registry"))
        return error{status::outdated,
                     "uk.lock doesn't answer uk.yaml: " + differs,
                     {lock_file(what), 0, 0},
                     "`uk lock` brings it up to date"};
    return {}; // another state of the registry with the same recipes: nothing of the answer differs
}

} // namespace

result<settled> settle(project& what, const toolchain& tools, store& into, const settle_options& how) {
    settled s;
    for (const std::string& name : how.update) CHECK(what.components.known_versions(name));
    // All applications of a workspace, by name: the lock is the same whichever is being built.
    std::map<std::string, const registry::recipe*> applications{{what.application, &what.manifest}};
    for (const registry::recipe& other : what.others) applications.emplace(other.name, &other);
    std::vector<const resolver::resolution*> above;
    std::map<std::string, std::vector<resolver::resolution>> answers;
    for (const auto& [name, manifest] : applications)
        answers.emplace(name, TRY(solve(what, *manifest, name, how, above)));

    for (const resolver::resolution& answer : answers.at(what.application))
        CHECK(fetch_sources(answer, into, how, s.sources));
    std::map<std::string, base::sha256> trees;
    for (const auto& [name, list] : answers) {
        if (name == what.application) continue;
        for (const resolver::resolution& answer : list) trees.merge(TRY(trees_of(what, answer, into, how, s.sources)));
    }
    for (const auto& [key, tree] : s.sources) trees.insert_or_assign(key, tree.tree);

    s.lock.toolchain = TRY(lock_toolchain(what, tools, how));
    if (what.toolchain) s.lock.components.push_back(resolver::locked_block(*what.toolchain, tools.fingerprint));
    s.lock.edition = settle_edition(what, how);
    for (const auto& [name, list] : answers) resolver::add_part(s.lock, resolver::make_lock(list, trees), name);
    for (const used_registry& one : what.registries) s.lock.registries.emplace(one.name, one.at);
    s.lock.overrides = what.overrides;
    s.part = resolver::part_of(s.lock, what.application);
    s.answers = std::move(answers.at(what.application));
    warn_of_yanked(what, s.answers);
    if (what.is_local || (what.locked && *what.locked == s.lock)) return s;
    if (how.locked) {
        CHECK(settle_locked(what, s.lock));
        return s;
    }
    if (what.locked && !how.renew) CHECK(check_locked(what, s.lock));
    for (const used_registry& one : what.registries) CHECK(keep_registry(into, one));
    CHECK(base::write_file(what.top / "uk.lock", resolver::write_lock(s.lock)));
    s.lock_written = true;
    return s;
}

} // namespace uk::build
