#include "build/registries.hpp"

#include <fmt/format.h>

#include "base/directory.hpp"
#include "base/disk.hpp"
#include "base/file.hpp"
#include "build/project.hpp"
#include "registry/git.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

namespace {

result<base::sha256> registry_digest(const fs::path& root, store& memo) {
    if (!fs::exists(root / "registry.yaml"))
        return fail(status::input, {.file = root.string()}, "this folder is no registry: it has no registry.yaml");
    base::tree_builder tree;
    for (const char* part : registry_parts) {
        if (!fs::is_directory(root / part)) continue;
        const base::digest folder = TRY(memo.digest_of_host_folder(root / part));
        tree.add_tree(part, folder);
    }
    const base::digest description = TRY(memo.digest_of_host_file(root / "registry.yaml"));
    tree.add_file("registry.yaml", description, false);
    return tree.finish().hash;
}

fs::path kept_registry(const store& kept, const base::sha256& tree) { return kept.home() / "registries" / tree.hex(); }

// A folder, unless the lock has another state of it and the store has kept that.
result<used_registry> use_folder(const std::string& name, const fs::path& root, const resolver::locked_place* before,
                                 store& kept, std::vector<base::diagnostic>& warnings) {
    const auto now = registry_digest(root, kept);
    if (now && (!before || before->tree == *now)) return used_registry{name, root, {.tree = *now}};
    const bool is_kept = before && before->git.empty() && fs::exists(kept_registry(kept, before->tree));
    if (!now && !is_kept) return now.error();
    warnings.push_back({{},
                        is_kept ? fmt::format("using the registry `{}` as uk.lock has it", name)
                                : fmt::format("uk.lock was made with another state of the registry `{}`", name),
                        {},
                        "`uk lock` moves on to what is there now"});
    if (is_kept) return used_registry{name, kept_registry(kept, before->tree), {.tree = before->tree}};
    return used_registry{name, root, {.tree = *now}};
}

} // namespace

result<used_registry> use_git(const std::string& name, const registry::location& at,
                              const resolver::locked_place* before, const fs::path& folder, store& kept,
                              const open_options& how) {
    const bool is_same = before && before->git == at.git && before->branch == at.branch &&
                         (at.commit.empty() || at.commit == before->commit);
    const registry::checkout_options options{
        .store = kept.home() / "git", .beside = folder, .offline = how.offline, .progress = how.progress};
    const auto locked = [&] { return registry::check_out(at, is_same ? before->commit : "", options); };
    auto read = how.fresh ? registry::check_out(at, "", options) : locked();
    if (!read && how.fresh && how.offline && is_same)
        read = locked(); // what the store has kept of it is the locked commit
    const registry::checkout found = TRY(std::move(read));
    const base::sha256 tree = TRY(kept.digest_of_host_folder(found.folder)).hash;
    if (is_same && found.commit == before->commit && tree != before->tree)
        return fail(status::source, at.where, "the commit {} of `{}` hasn't the bytes that were locked", found.commit,
                    at.git)
            .add({"expected", "sha256:" + before->tree.hex(), {}})
            .add({"found", "sha256:" + tree.hex(), {}});
    return used_registry{name, found.folder, {at.git, at.branch, found.commit, tree}};
}

result<std::vector<used_registry>> use_registries(const registry::recipe& manifest,
                                                  const std::optional<resolver::lock>& locked, const fs::path& folder,
                                                  const fs::path& data, store& kept, const open_options& how,
                                                  std::vector<base::diagnostic>& warnings) {
    const auto before = [&](const std::string& name) -> const resolver::locked_place* {
        if (!locked) return nullptr;
        const auto at = locked->registries.find(name);
        return at == locked->registries.end() ? nullptr : &at->second;
    };
    const auto locked_folder = [&](const std::string& name) { return how.fresh ? nullptr : before(name); };
    std::vector<used_registry> used;
    const std::string builtin = "builtin";
    used.push_back(TRY(use_folder(builtin, data, locked_folder(builtin), kept, warnings)));
    for (const auto& [name, at] : manifest.registries) {
        used.push_back(TRY(at.is_git() ? use_git(name, at, before(name), folder, kept, how)
                                       : use_folder(name, (folder / at.path).lexically_normal(), locked_folder(name),
                                                    kept, warnings)));
    }
    return used;
}

result<void> keep_registry(const store& kept, const used_registry& one) {
    if (!one.at.git.empty()) return {}; // its commit is kept
    const fs::path to = kept_registry(kept, one.at.tree);
    if (fs::exists(to)) return {};
    auto scratch = TRY(base::scratch_folder::make(kept.home() / "tmp"));
    std::error_code copied;
    fs::copy_file(one.root / "registry.yaml", scratch.path() / "registry.yaml", copied);
    for (const char* part : registry_parts) {
        if (fs::is_directory(one.root / part) && !copied)
            fs::copy(one.root / part, scratch.path() / part, fs::copy_options::recursive, copied);
    }
    CHECK(base::make_folders(to.parent_path()));
    if (!copied) fs::rename(scratch.path(), to, copied);
    if (copied && !fs::exists(to))
        return fail(status::environment, {to.string(), 0, 0}, "the registry can't be kept: {}", copied.message())
            .hint(base::disk_hint(copied.value()));
    if (!copied) scratch.release();
    return {};
}

} // namespace uk::build
