#include "build/action_key.hpp"

#include <fmt/format.h>

#include "build/host_folder.hpp"
#include "build/reapi.hpp"

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

key_finder::key_finder(const plan& what, const toolchain& tools, store& from, bool sandbox)
    : plan_{what}, store_{from} {
    if (!tools.tree) needs_["toolchain"] = property_of(tools);
    if (!sandbox) needs_["sandbox"] = "off"; // such results are never taken for others
}

result<digest> key_finder::folder_digest(const host_folder& folder) {
    const std::scoped_lock lock{guard_}; // also keeps two threads from hashing one folder
    if (const auto at = folders_.find(folder.folder); at != folders_.end()) return at->second;
    if (folder.tree) {
        const digest found = TRY(store_.digest_of_fixed_folder(folder.folder, *folder.tree));
        folders_.emplace(folder.folder, found);
        return found;
    }
    std::string listing;
    const std::size_t before = (folder.folder / "").native().size();
    const digest found = TRY(tree_of_folder(folder.folder, [&](const std::filesystem::path& file) -> result<digest> {
        const digest content = TRY(store_.digest_of_host_file(file));
        listing += content.hash.hex() + " " + file.native().substr(before) + "\n";
        return content;
    }));
    folders_.emplace(folder.folder, found);
    changeable_.emplace(folder.folder, found);
    listings_.emplace(found.hash, std::move(listing));
    return found;
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

std::optional<std::string> key_finder::listing_of(const base::sha256& tree) {
    const std::scoped_lock lock{guard_};
    const auto at = listings_.find(tree);
    return at == listings_.end() ? std::nullopt : std::optional{at->second};
}

result<keyed_action> key_finder::key_of(std::size_t index, const std::vector<action_outcome>& so_far) {
    const action& a = plan_.actions[index];
    keyed_action made;
    base::tree_builder tree;
    for (const input& in : a.inputs) {
        digest blob;
        bool executable = in.executable;
        if (const auto* folder = std::get_if<host_folder>(&in.from)) {
            const digest whole = TRY(folder_digest(*folder));
            tree.add_tree(in.path, whole);
            made.inputs.push_back(whole);
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

digest key_finder::describe(const action& a, const base::tree_builder& tree,
                            const std::function<void(const digest&, std::string)>& keep) const {
    std::string command = reapi::encode_command({.arguments = a.arguments,
                                                 .environment = environment_of(a),
                                                 .output_files = a.outputs,
                                                 .output_folders = a.output_folders,
                                                 .needs = needs_});
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
        const auto* other = std::get_if<output_of>(&in.from);
        if (std::holds_alternative<host_folder>(in.from)) tree.add_tree(in.path, keyed.inputs[i]);
        else
            tree.add_file(in.path, keyed.inputs[i],
                          in.executable ||
                              (other != nullptr && so_far[other->action].result.files.at(other->path).executable));
    }
    std::map<digest, std::string> all;
    describe(a, tree, [&](const digest& of, std::string bytes) { all.emplace(of, std::move(bytes)); });
    return all;
}

result<void> key_finder::recheck() {
    const std::scoped_lock lock{guard_};
    for (const auto& [folder, before] : changeable_) {
        const digest now = TRY(store_.digest_of_host_folder(folder));
        if (now != before) {
            return fail(status::failed, {folder.string(), 0, 0}, "changed while it was being built")
                .hint("run the command again");
        }
    }
    return {};
}

} // namespace uk::build
