#include "registry/source.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/directory.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "registry/helper.hpp"
#include "registry/loader.hpp"

namespace uk::registry {

namespace fs = std::filesystem;
using base::error;
using base::fail;
using base::result;
using base::status;

namespace {

constexpr std::int64_t largest_source = std::int64_t{1} << 30;

// `debian:SOURCE/VERSION/FILE`, through the mirror and proxies that this machine's apt is configured with.
result<std::string> fetch_debian(const address& from, const fs::path& to) {
    const auto parts = base::split(from.text, '/');
    if (parts.size() != 3) return std::string{"expected debian:SOURCE/VERSION/FILE"};
    const std::string source{parts[0]}, file{parts[2]};
    const std::string prefix =
        source.starts_with("lib") && source.size() > 3 ? source.substr(0, 4) : source.substr(0, 1);
    const fs::path apt = "/usr/lib/apt/apt-helper";
    if (!fs::exists(apt)) return std::string{"this machine has no apt, which knows where Debian's sources are"};
    const base::finished listed =
        TRY(base::run({.arguments = {"apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"},
                       .environment = {},
                       .folder = {},
                       .input = {}}));
    std::vector<std::string> mirrors;
    for (const std::string_view line : base::split(listed.output, '\n')) {
        const std::string mirror{base::trim(line)};
        if (!mirror.empty() && std::ranges::find(mirrors, mirror) == mirrors.end()) mirrors.push_back(mirror);
    }
    if (mirrors.empty()) return std::string{"apt knows no mirror; run `apt-get update` once"};
    // Areas of the archive; security updates lie in `updates/main`. What a mirror hasn't is told from one that is silent.
    bool answered = false;
    for (const char* area : {"main", "updates/main", "contrib", "non-free", "non-free-firmware"}) {
        for (const std::string& mirror : mirrors) {
            const std::string url = fmt::format("{}pool/{}/{}/{}/{}", mirror, area, prefix, source, file);
            const base::finished got =
                TRY(base::run({.arguments = {apt.string(), "-qq", "-oAcquire::Retries=3",
                                             "-oAPT::Sandbox::User=", "download-file", url, to.string()},
                               .environment = {},
                               .folder = {},
                               .input = {},
                               .timeout_seconds = 900}));
            if (got.status == 0 && fs::exists(to)) return std::string{};
            if (base::is_interrupted()) return error{status::interrupted, "interrupted"};
            answered = answered || (got.output + got.errors).find("404") != std::string::npos;
        }
        if (!answered) break; // the network is the trouble, not the area
    }
    // No host's name: messages are for everywhere.
    if (!answered) return std::string{"no mirror of this machine's apt can be reached"};
    return fmt::format("no mirror of this machine's apt has `{}` (any more)", file);
}

result<std::string> download(const address& from, const fs::path& to) {
    return TRY(ask_helper({"get", from.text, to.string(), std::to_string(largest_source)})).problem;
}

std::string shown(const address& from) {
    switch (from.kind) {
    case address::type::debian: return "debian:" + from.text;
    case address::type::folder: return "folder " + from.text;
    case address::type::https: break;
    }
    return from.text;
}

// One file, into files/<hash>; tried at each address in turn.
result<fs::path> fetch_file(const origin& one, const recipe& of, const source_options& how) {
    const fs::path files = how.store / "files";
    CHECK(base::make_folders(files));
    for (const address& from : one.from) {
        const fs::path kept = files / (from.hash ? from.hash->hex() : "none");
        if (!from.hash || !fs::exists(kept)) continue;
        const base::digest found = TRY(base::digest_of_file(kept));
        if (found.hash == *from.hash) {
            base::mark_used(kept);
            return kept;
        }
        std::error_code ignored;
        fs::remove(kept, ignored); // damaged since: as good as not there
    }
    error all = fail(status::source, one.where, "the source of `{} {}` can't be had", of.name, of.id.text());
    if (how.offline) {
        for (const address& from : one.from) all.add({"missing", shown(from), from.where});
        return std::move(all).hint("without --offline it is fetched");
    }
    for (const address& from : one.from) {
        if (!from.hash) continue;
        const fs::path to = files / from.hash->hex();
        const auto lock = TRY(base::file_lock::take(files / (from.hash->hex() + ".lock")));
        if (fs::exists(to)) return to; // somebody else was faster
        const auto scratch = TRY(base::scratch_folder::make(how.store));
        const fs::path got = scratch.path() / "file";
        if (how.progress) how.progress(fmt::format("fetching {}", shown(from)));
        const std::string problem =
            TRY(from.kind == address::type::debian ? fetch_debian(from, got) : download(from, got));
        if (base::is_interrupted()) return error{status::interrupted, "interrupted"};
        if (!problem.empty()) {
            all.add({"tried", fmt::format("{}: {}", shown(from), problem), from.where});
            continue;
        }
        const base::digest found = TRY(base::digest_of_file(got));
        if (found.hash != *from.hash) {
            all.add({"tried",
                     fmt::format("{}: its SHA-256 is {}, not {}", shown(from), found.hash.hex(), from.hash->hex()),
                     from.where});
            continue;
        }
        ::chmod(got.c_str(), 0444);
        std::error_code moved;
        fs::rename(got, to, moved);
        if (moved) return base::cannot_write(to, moved.value());
        return to;
    }
    return std::move(all).hint("if the upstream file has moved, give another address with the same hash in the recipe");
}

result<void> copy_tree(const fs::path& from, const fs::path& to) {
    for (const std::string& file : TRY(base::list_files(from))) {
        CHECK(base::make_folders((to / file).parent_path()));
        std::error_code error;
        fs::copy_file(from / file, to / file, error);
        if (error) return base::cannot_write(to / file, error.value());
    }
    return {};
}

// A folder of the registry: inside its root, and there.
result<fs::path> registry_folder(const entry& component, const address& from) {
    std::error_code ignored;
    const fs::path folder = fs::weakly_canonical(component.root / from.text, ignored); // links followed
    const fs::path inside = folder.lexically_relative(fs::weakly_canonical(component.root, ignored));
    if (inside.empty() || *inside.begin() == ".." || !fs::is_directory(folder))
        return fail(status::source, from.where, "the folder `{}` isn't in the registry `{}`", from.text,
                    component.registry);
    return folder;
}

bool is_folder(const origin& one) { return one.from.size() == 1 && one.from.front().kind == address::type::folder; }

result<void> apply_patch(const entry& component, const std::string& patch, const fs::path& tree,
                         const base::place& where) {
    if (!base::find_program("patch"))
        return error{status::environment, "`patch` isn't there, and a recipe has patches", where,
                     "sudo apt-get install patch"};
    const std::string text = TRY(base::read_file(component.folder / patch));
    const base::finished done = TRY(base::run(
        {.arguments = {"patch", "--unified", "-p1", "--batch", "--silent", "--no-backup-if-mismatch", "--fuzz=0"},
         .environment = {},
         .folder = tree,
         .input = text,
         .timeout_seconds = 60}));
    if (done.status != 0)
        return fail(status::source, where, "the patch `{}` doesn't fit: {}", patch,
                    base::trim(done.output + done.errors));
    return {};
}

// Everything that decides what the tree will be.
result<std::string> description(const entry& component) {
    std::string text;
    for (const origin& one : component.content.origins) {
        text += fmt::format("into {} tree {}\n", one.into, one.tree ? one.tree->hex() : "-");
        if (is_folder(one)) {
            const fs::path folder = TRY(registry_folder(component, one.from.front()));
            text += fmt::format("folder {}\n", TRY(tree_digest(folder)).hex());
        } else {
            for (const address& from : one.from) text += fmt::format("file {}\n", from.hash ? from.hash->hex() : "-");
        }
        for (const std::string& glob : one.only) text += fmt::format("only {}\n", glob);
        for (const std::string& patch : one.patches) {
            const base::digest content = TRY(base::digest_of_file(component.folder / patch));
            text += fmt::format("patch {}\n", content.hash.hex());
        }
    }
    if (component.content.compiler) text += fmt::format("loader {}\n", component.content.compiler->loader);
    return text;
}

result<source_tree> make_tree(const entry& component, const source_options& how, const fs::path& remembered) {
    const auto scratch = TRY(base::scratch_folder::make(how.store));
    const fs::path tree = scratch.path() / "tree";
    for (const origin& one : component.content.origins) {
        const fs::path to = one.into.empty() ? tree : tree / one.into;
        CHECK(base::make_folders(to));
        if (is_folder(one)) {
            const fs::path folder = TRY(registry_folder(component, one.from.front()));
            CHECK(copy_tree(folder, to));
        } else {
            const fs::path file = TRY(fetch_file(one, component.content, how));
            std::vector<std::string> words{"unpack", file.string(), to.string()};
            words.insert(words.end(), one.only.begin(), one.only.end());
            const std::string problem = TRY(ask_helper(words)).problem;
            if (!problem.empty())
                return fail(status::source, one.where, "the source of `{} {}` can't be unpacked: {}",
                            component.content.name, component.content.id.text(), problem);
        }
        for (const std::string& patch : one.patches) CHECK(apply_patch(component, patch, to, one.where));
        if (one.tree) {
            const base::sha256 found = TRY(tree_digest(to));
            if (found != *one.tree) {
                return fail(status::source, one.where, "the source of `{} {}` isn't the tree that its recipe names",
                            component.content.name, component.content.id.text())
                    .add({"expected", "sha256:" + one.tree->hex(), {}})
                    .add({"found", "sha256:" + found.hex(), {}});
            }
        }
    }
    if (component.content.compiler) {
        const std::string problem = TRY(use_own_loader(tree, component.content.compiler->loader));
        if (!problem.empty())
            return fail(status::source, component.content.where, "the toolchain `{} {}` {}", component.content.name,
                        component.content.id.text(), problem);
    }
    const base::sha256 digest = TRY(tree_digest(tree));
    const fs::path kept = how.store / "trees" / digest.hex();
    CHECK(base::make_folders(how.store / "trees"));
    if (!fs::exists(kept)) {
        std::error_code moved;
        fs::rename(tree, kept, moved);
        if (moved && !fs::exists(kept)) return base::cannot_write(kept, moved.value());
    }
    CHECK(base::write_file(remembered, digest.hex() + "\n"));
    return source_tree{kept, digest, true};
}

} // namespace

result<base::sha256> tree_digest(const fs::path& folder) {
    base::tree_builder tree;
    for (const std::string& file : TRY(base::list_files(folder))) {
        struct stat s{};
        ::stat((folder / file).c_str(), &s);
        tree.add_file(file, TRY(base::digest_of_file(folder / file)), (s.st_mode & S_IXUSR) != 0);
    }
    return tree.finish().hash;
}

result<source_tree> fetch(const entry& component, const source_options& how) {
    const auto& origins = component.content.origins;
    // What lies in the registry is used where it lies.
    if (origins.empty()) return source_tree{component.folder, TRY(tree_digest(component.folder))};
    if (origins.size() == 1 && !component.content.compiler && is_folder(origins.front()) &&
        origins.front().patches.empty() && origins.front().into.empty()) {
        const fs::path folder = TRY(registry_folder(component, origins.front().from.front()));
        return source_tree{folder, TRY(tree_digest(folder))};
    }
    const std::string text = TRY(description(component));
    CHECK(base::make_folders(how.store / "origins"));
    const fs::path remembered = how.store / "origins" / base::digest_of(text).hash.hex();
    const auto look = [&]() -> std::optional<source_tree> {
        const auto known = base::read_file(remembered);
        if (!known) return std::nullopt;
        const auto digest = base::sha256::from_hex(base::trim(*known));
        if (!digest || !fs::is_directory(how.store / "trees" / digest->hex())) return std::nullopt;
        base::mark_used(remembered);
        return source_tree{how.store / "trees" / digest->hex(), *digest, true};
    };
    if (auto known = look()) return *std::move(known);
    const auto lock = TRY(base::file_lock::take(how.store / "origins" / "lock"));
    if (auto known = look()) return *std::move(known);
    return make_tree(component, how, remembered);
}

} // namespace uk::registry
