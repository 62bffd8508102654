// Writing a plan as an archive.
#include "build/archive.hpp"

#include <map>
#include <set>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/directory.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "build/action_key.hpp"
#include "build/project.hpp"
#include "build/tar.hpp"
#include "registry/names.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::digest;
using base::fail;
using base::json;
using base::result;
using base::sha256;
using base::status;

namespace {

constexpr const char* about = R"(This archive holds a build: what docs/reference/archives.md of uk describes.

index.json lists actions, in an order in which they can run. Each is one command. To run action number N:
make an empty folder; put its inputs there, each at its "path": "blob" is the file blobs/<blob> of this archive, "tree" is a folder whose
files "trees" lists, and "action" with "output" is a file that an earlier action made. A file is executable where "executable" is true.
Make the folders of its "outputs". Start "arguments" in that folder, with exactly the variables of "environment" and nothing on standard
input. Keep its outputs. "results" says which outputs and blobs are the files that people want, and the "sha256" that each output had.
All names of blobs are their SHA-256.
)";

// What goes into the archive beside its index, by hash: bytes at hand, or a file.
class collection {
  public:
    explicit collection(store& from) : store_{from} {}

    std::string add(const std::string& content) {
        const sha256 hash = base::digest_of(content).hash;
        content_.emplace(hash, content);
        return hash.hex();
    }

    result<digest> add_file(const fs::path& file) {
        const digest found = TRY(store_.digest_of_host_file(file));
        files_.emplace(found.hash, file);
        return found;
    }

    /// Lists the folder under its hash.
    result<std::string> add_folder(const fs::path& folder) {
        if (const auto known = folders_.find(folder); known != folders_.end()) return known->second;
        json list = json::array();
        const digest tree = TRY(add_below(folder, "", list));
        const std::string name = tree.hash.hex();
        trees_[name] = std::move(list);
        folders_.emplace(folder, name);
        return name;
    }

    const json& trees() const { return trees_; }

    result<void> write(tar_writer& to) const {
        std::set<sha256> all;
        for (const auto& [hash, unused] : content_) all.insert(hash);
        for (const auto& [hash, unused] : files_) all.insert(hash);
        for (const sha256& hash : all) {
            const std::string name = "blobs/" + hash.hex();
            if (const auto at = content_.find(hash); at != content_.end()) {
                to.add(name, at->second);
                continue;
            }
            const fs::path& file = files_.at(hash);
            const std::string content = TRY(base::read_file(file));
            if (base::digest_of(content).hash != hash)
                return fail(status::failed, {file.string(), 0, 0}, "changed while it was being archived")
                    .hint("run the command again");
            to.add(name, content);
        }
        return {};
    }

  private:
    result<digest> add_below(const fs::path& folder, const std::string& prefix, json& list) {
        std::vector<base::file_node> files;
        std::vector<base::directory_node> folders;
        std::set<std::string> names;
        std::error_code problem;
        for (const auto& entry : fs::directory_iterator{folder, problem})
            names.insert(entry.path().filename().string());
        if (problem) return fail(status::input, {folder.string(), 0, 0}, "can't be read: {}", problem.message());
        for (const std::string& name : names) {
            struct stat found{};
            const fs::path path = folder / name;
            if (!registry::normal_path(prefix + name))
                return fail(status::input, {path.string(), 0, 0},
                            "the name can't be archived: it isn't printable, or holds `\\`");
            if (::lstat(path.c_str(), &found) != 0 || (!S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)))
                return fail(status::input, {path.string(), 0, 0}, "only files and folders may be here");
            if (S_ISDIR(found.st_mode)) {
                const std::size_t before = list.size();
                folders.push_back({name, TRY(add_below(path, prefix + name + "/", list))});
                if (list.size() == before) list.push_back({{"path", prefix + name}, {"folder", true}});
                continue;
            }
            const bool executable = (found.st_mode & S_IXUSR) != 0;
            files.push_back({name, TRY(add_file(path)), executable});
            json one{{"path", prefix + name}, {"blob", files.back().blob.hash.hex()}};
            if (executable) one["executable"] = true;
            list.push_back(std::move(one));
        }
        return base::digest_of(base::encode_directory(std::move(files), std::move(folders)));
    }

    store& store_;
    std::map<sha256, std::string> content_;
    std::map<sha256, fs::path> files_;
    std::map<fs::path, std::string> folders_;
    json trees_ = json::object();
};

// Without actions that no result needs: checks make no bytes.
plan needed_of(plan what) {
    std::vector<bool> needed(what.actions.size());
    for (const result_file& one : what.results)
        if (const auto* from = std::get_if<output_of>(&one.from)) needed[from->action] = true;
    for (std::size_t i = what.actions.size(); i-- > 0;) { // an action reads only outputs of earlier ones
        if (!needed[i]) continue;
        for (const input& in : what.actions[i].inputs)
            if (const auto* from = std::get_if<output_of>(&in.from)) needed[from->action] = true;
    }
    std::vector<std::size_t> number(what.actions.size());
    plan made{.actions = {}, .results = std::move(what.results)};
    const auto renumber = [&](auto& from) {
        if (auto* other = std::get_if<output_of>(&from)) other->action = number[other->action];
    };
    for (std::size_t i = 0; i < what.actions.size(); ++i) {
        if (!needed[i]) continue;
        number[i] = made.actions.size();
        for (input& in : what.actions[i].inputs) renumber(in.from);
        made.actions.push_back(std::move(what.actions[i]));
    }
    for (result_file& one : made.results) renumber(one.from);
    return made;
}

// Some files of a folder are inputs each; sorted by path again.
std::vector<input> single_inputs(const action& a) {
    std::vector<input> all;
    for (const input& in : a.inputs) {
        const auto* folder = std::get_if<host_folder>(&in.from);
        if (folder == nullptr || !folder->only) {
            all.push_back(in);
            continue;
        }
        for (const std::string& path : *folder->only)
            all.push_back({in.path + "/" + path, host_file{folder->folder / path}});
    }
    std::ranges::sort(all, {}, &input::path);
    return all;
}

result<json> input_json(const input& in, collection& all) {
    json one{{"path", in.path}};
    if (in.executable) one["executable"] = true;
    if (const auto* other = std::get_if<output_of>(&in.from)) {
        one["action"] = other->action;
        one["output"] = other->path;
    } else if (const auto* text = std::get_if<generated>(&in.from)) {
        one["blob"] = all.add(text->content);
    } else if (const auto* folder = std::get_if<host_folder>(&in.from)) {
        one["tree"] = TRY(all.add_folder(folder->folder));
    } else {
        one["blob"] = TRY(all.add_file(std::get<host_file>(in.from).file)).hash.hex();
    }
    return one;
}

result<json> action_json(const action& a, collection& all) {
    json inputs = json::array();
    for (const input& in : single_inputs(a)) inputs.push_back(TRY(input_json(in, all)));
    return json{{"name", name_of(a)},          {"component", a.component}, {"label", a.label},
                {"variant", a.variant},        {"arguments", a.arguments}, {"environment", environment_of(a)},
                {"inputs", std::move(inputs)}, {"outputs", a.outputs},     {"output_folders", a.output_folders}};
}

} // namespace

result<std::uint64_t> write_archive(const plan& whole, const outcome& done, const toolchain& tools,
                                    const std::string& application, store& from, const fs::path& file) {
    const plan what = needed_of(whole);
    collection all{from};
    json index{{"format", 1}, {"application", application}, {"edition", edition}};
    index["toolchain"] = {{"name", tools.name}, {"version", tools.version}, {"architecture", tools.architecture}};
    if (!tools.tree) index["toolchain"]["host"] = property_of(tools);
    index["actions"] = json::array();
    for (const action& a : what.actions) index["actions"].push_back(TRY(action_json(a, all)));
    index["results"] = json::array();
    for (std::size_t i = 0; i < what.results.size(); ++i) {
        const result_file& one = what.results[i];
        json entry{{"path", one.path}};
        if (one.executable) entry["executable"] = true;
        if (const auto* other = std::get_if<output_of>(&one.from)) {
            entry["action"] = other->action;
            entry["output"] = other->path;
            entry["sha256"] = hash_of(whole.results[i], done).hex(); // the numbers of `done` are those of the whole
        } else {
            entry["blob"] = all.add(std::get<generated>(one.from).content);
        }
        index["results"].push_back(std::move(entry));
    }
    index["trees"] = all.trees();
    tar_writer to = TRY(tar_writer::open(file));
    to.add("README", about);
    to.add("index.json", index.dump(1) + "\n");
    CHECK(all.write(to));
    CHECK(to.finish());
    std::error_code problem;
    return static_cast<std::uint64_t>(fs::file_size(file, problem));
}

} // namespace uk::build
