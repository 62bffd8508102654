#include "build/action_key.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "build/preimage.hpp"

namespace uk::build {

using base::digest;
using base::fail;
using base::result;
using base::status;

const std::map<std::string, std::string>& fixed_environment() {
    // PWD is what debug information says of where it was compiled; SOURCE_DATE_EPOCH is 1980-01-01, the first day that every
    // archive format can say.
    static const std::map<std::string, std::string> all = {{"HOME", "/build"},
                                                           {"LC_ALL", "C"},
                                                           {"PATH", "/usr/bin"},
                                                           {"PWD", "/proc/self/cwd"},
                                                           {"SOURCE_DATE_EPOCH", "315532800"},
                                                           {"TMPDIR", "/tmp"},
                                                           {"TZ", "UTC"}};
    return all;
}

std::map<std::string, std::string> environment_of(const action& a) {
    auto all = fixed_environment();
    for (const auto& [name, value] : a.environment) all[name] = value;
    return all;
}

std::string property_of(const toolchain& tools) {
    return fmt::format("{}-{}-{}", tools.name, tools.version, tools.fingerprint.hex());
}

namespace {

constexpr std::size_t most_placed = 200; // files and folders; copying more would take longer than what it saves

bool is_executable_output(const input& in, const std::vector<action_outcome>& so_far) {
    const auto* other = std::get_if<output_of>(&in.from);
    return other != nullptr && so_far[other->action].result.files.at(other->path).executable;
}

// `entries`: of which only some may be inputs.
void add_folder(base::tree_builder& tree, const input& in, const digest& whole, const folder_listing* entries) {
    if (!std::get<host_folder>(in.from).only) return tree.add_tree(in.path, whole);
    for (const folder_entry& one : *entries) tree.add_file(in.path + "/" + one.path, one.content, false);
}

} // namespace

key_finder::key_finder(const plan& what, const toolchain& tools, store& from, bool sandbox)
    : plan_{what}, store_{from} {
    if (!tools.tree) needs_["toolchain"] = property_of(tools);
    if (!sandbox) needs_["sandbox"] = "off"; // such results are never taken for others
}

// Some files of a folder look like a folder that has no others.
result<listed_folder> key_finder::list(const host_folder& folder) {
    const auto look = [&](const auto& file) { return store_.digest_of_host_file(file); };
    if (!folder.only) return list_folder(folder.folder, look);
    listed_folder made;
    base::tree_builder tree;
    for (const std::string& path : *folder.only) {
        made.entries.push_back({path, TRY(look(folder.folder / path))});
        tree.add_file(path, made.entries.back().content, false);
    }
    made.tree = tree.finish();
    return made;
}

result<key_finder::known_folder> key_finder::look_at(const host_folder& folder) {
    const std::scoped_lock lock{guard_}; // also keeps two threads from hashing one folder
    const std::pair<std::filesystem::path, const void*> key{folder.folder, folder.only.get()};
    if (const auto at = folders_.find(key); at != folders_.end()) return at->second;
    known_folder found;
    if (folder.tree) {
        found.tree = TRY(store_.digest_of_fixed_folder(folder.folder, *folder.tree, folder.is_part));
    } else {
        listed_folder listed = TRY(list(folder));
        found = {listed.tree, std::make_shared<const folder_listing>(std::move(listed.entries))};
        listings_[found.tree.hash] =
            std::make_shared<const kept_listing>(kept_listing{found.entries, write(*found.entries)});
    }
    return folders_.emplace(key, std::move(found)).first->second;
}

result<digest> key_finder::file_digest(const std::filesystem::path& file) {
    {
        const std::scoped_lock lock{guard_};
        if (const auto at = files_.find(file.native()); at != files_.end()) return at->second;
    }
    const digest found = TRY(store_.digest_of_host_file(file)); // several threads may hash at once
    const std::scoped_lock lock{guard_};
    return files_.emplace(file.native(), found).first->second;
}

std::shared_ptr<const kept_listing> key_finder::listing_of(const base::sha256& tree) {
    const std::scoped_lock lock{guard_};
    const auto at = listings_.find(tree);
    return at == listings_.end() ? nullptr : at->second;
}

std::map<base::sha256, std::shared_ptr<const folder_listing>> key_finder::listings() const {
    const std::scoped_lock lock{guard_};
    std::map<base::sha256, std::shared_ptr<const folder_listing>> all;
    for (const auto& [tree, one] : listings_) all.emplace(tree, one->entries);
    return all;
}

result<keyed_action> key_finder::key_of(std::size_t index, const std::vector<action_outcome>& so_far) {
    const action& a = plan_.actions[index];
    keyed_action made;
    made.inputs.reserve(a.inputs.size());
    base::tree_builder tree;
    for (const input& in : a.inputs) {
        digest blob;
        bool executable = in.executable;
        if (const auto* folder = std::get_if<host_folder>(&in.from)) {
            const known_folder whole = TRY(look_at(*folder));
            add_folder(tree, in, whole.tree, whole.entries.get());
            if (folder->only || (whole.entries && whole.entries->size() <= most_placed))
                made.folders.emplace(made.inputs.size(), whole.entries);
            made.inputs.push_back(whole.tree);
            continue;
        }
        if (const auto* other = std::get_if<output_of>(&in.from)) {
            const auto& files = so_far[other->action].result.files;
            const auto file = files.find(other->path);
            if (file == files.end())
                return fail(status::internal, {}, "`{}` reads `{}`, which `{}` doesn't make", a.label, other->path,
                            plan_.actions[other->action].label);
            blob = file->second.blob;
            executable = executable || file->second.executable;
        } else if (const auto* text = std::get_if<generated>(&in.from)) {
            blob = base::digest_of(text->content);
        } else {
            blob = TRY(file_digest(std::get<host_file>(in.from).file));
        }
        tree.add_file(in.path, blob, executable);
        made.inputs.push_back(blob);
    }
    const digest whole = describe(a, tree, [](const digest&, std::string) {});
    made.key = whole.hash;
    made.size = whole.size;
    return made;
}

reapi::command key_finder::command_of(const action& a) const {
    return {.arguments = a.arguments,
            .environment = environment_of(a),
            .output_files = a.outputs,
            .output_folders = a.output_folders,
            .needs = needs_};
}

outline key_finder::outline_of(std::size_t index, const std::vector<action_outcome>& so_far,
                               const keyed_action& keyed) const {
    const action& a = plan_.actions[index];
    outline made;
    std::string names = base::digest_of(reapi::encode_command(command_of(a))).hash.hex();
    const auto add = [&](const std::string& path, const base::sha256& content, bool executable) {
        names += fmt::format("\n{} {} {}", executable ? 'x' : 'f', path.size(), path);
        made.parts.emplace_back(path, content);
    };
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        const input& in = a.inputs[i];
        if (const auto at = keyed.folders.find(i); at != keyed.folders.end()) {
            for (const folder_entry& one : *at->second) {
                if (one.is_folder) names += fmt::format("\nd {} {}/{}", one.path.size(), in.path, one.path);
                else add(in.path + "/" + one.path, one.content.hash, one.executable);
            }
        } else if (std::holds_alternative<host_folder>(in.from)) {
            names += fmt::format("\nt {} {} {}", in.path.size(), in.path, keyed.inputs[i].hash.hex());
        } else {
            add(in.path, keyed.inputs[i].hash, in.executable || is_executable_output(in, so_far));
        }
    }
    made.frame = base::digest_of(names).hash;
    std::ranges::sort(made.parts);
    return made;
}

digest key_finder::describe(const action& a, const base::tree_builder& tree,
                            const std::function<void(const digest&, std::string)>& keep) const {
    std::string command = reapi::encode_command(command_of(a));
    const digest described = base::digest_of(command);
    std::string bytes = reapi::encode_action(described, tree.finish(keep), needs_);
    const digest mine = base::digest_of(bytes);
    keep(described, std::move(command));
    keep(mine, std::move(bytes));
    return mine;
}

std::map<digest, std::string> key_finder::messages_of(std::size_t index, const std::vector<action_outcome>& so_far,
                                                      const keyed_action& keyed) const {
    const action& a = plan_.actions[index];
    base::tree_builder tree;
    for (std::size_t i = 0; i < a.inputs.size(); ++i) {
        const input& in = a.inputs[i];
        const auto entries = keyed.folders.find(i);
        if (std::holds_alternative<host_folder>(in.from))
            add_folder(tree, in, keyed.inputs[i], entries == keyed.folders.end() ? nullptr : entries->second.get());
        else tree.add_file(in.path, keyed.inputs[i], in.executable || is_executable_output(in, so_far));
    }
    std::map<digest, std::string> all;
    describe(a, tree, [&](const digest& of, std::string bytes) { all.emplace(of, std::move(bytes)); });
    return all;
}

result<void> key_finder::recheck() {
    const std::scoped_lock lock{guard_};
    for (const auto& [key, before] : folders_) {
        const auto& [folder, only] = key;
        if (!before.entries || only != nullptr) continue; // file by file they are looked at when they are read
        const digest now = TRY(store_.digest_of_host_folder(folder));
        if (now != before.tree) {
            return fail(status::failed, {folder.string(), 0, 0}, "changed while it was being built")
                .hint("run the command again");
        }
    }
    return {};
}

} // namespace uk::build
