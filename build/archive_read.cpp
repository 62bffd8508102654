// Reading an archive, which may be a stranger's: nothing of it is believed.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>

#include "base/descriptor.hpp"
#include "base/directory.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "build/archive.hpp"
#include "build/tar.hpp"
#include "registry/names.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::digest;
using base::error;
using base::fail;
using base::json;
using base::result;
using base::sha256;
using base::status;

namespace {

constexpr std::uint64_t largest_index = std::uint64_t{256} << 20;
constexpr std::uint64_t least_cap = std::uint64_t{512} << 20;
constexpr std::uint64_t most_times = 20; // what is written, beside the archive's size

// Reads index.json; every mistake is said with where in it.
class index_reader {
  public:
    index_reader(const fs::path& file, const fs::path& scratch, opened_archive& to)
        : file_{file}, scratch_{scratch}, to_{to} {}

    result<void> read(const std::string& text);

    struct place {
        fs::path file;
        bool executable;
    };
    std::map<sha256, std::vector<place>> wanted; ///< blob → where it goes
    struct tree_file {
        std::string path;
        std::optional<sha256> blob; ///< none: an empty folder
        bool executable = false;
    };
    std::map<sha256, std::vector<tree_file>> trees;
    std::vector<std::pair<std::size_t, sha256>> given; ///< results that are blobs: index of the plan's, and which

  private:
    template <class... Arguments>
    error wrong(fmt::format_string<Arguments...> text, Arguments&&... arguments) const {
        return fail(status::input, {file_.string(), 0, 0}, "{}{}{}", "index.json: ", where_,
                    fmt::format(text, std::forward<Arguments>(arguments)...));
    }
    result<const json*> field(const json& of, const char* name, json::value_t type) const;
    result<std::string> text(const json& of, const char* name) const;
    result<std::string> path(const json& of, const char* name) const;
    result<std::vector<std::string>> texts(const json& of, const char* name, bool paths) const;
    result<bool> flag(const json& of, const char* name) const;
    result<sha256> hash(const std::string& digits) const;
    result<output_of> output(const json& of, std::size_t before) const;
    result<void> only(const json& of, std::initializer_list<const char*> names) const;
    result<void> no_overlap(const std::vector<std::string>& paths) const;
    result<void> read_tree(const std::string& name, const json& list);
    result<input> read_input(const json& one, std::size_t before);
    result<void> read_action(const json& one);
    result<void> read_result(const json& one);

    fs::path file_, scratch_;
    opened_archive& to_;
    std::string where_;
};

result<const json*> index_reader::field(const json& of, const char* name, json::value_t type) const {
    if (!of.is_object()) return wrong("an object is expected");
    const auto at = of.find(name);
    if (at == of.end()) return wrong("`{}` is missing", name);
    const bool number = type == json::value_t::number_unsigned;
    if (at->type() != type) return wrong("`{}` isn't {}", name, number ? "a number" : json(type).type_name());
    return &*at;
}

result<std::string> index_reader::text(const json& of, const char* name) const {
    std::string found = *TRY(field(of, name, json::value_t::string));
    if (found.find('\0') != std::string::npos) return wrong("`{}` holds a zero byte", name);
    return found;
}

bool is_inside(const std::string& path) {
    const auto normal = registry::normal_path(path);
    return normal && *normal == path && path != ".";
}

result<std::string> index_reader::path(const json& of, const char* name) const {
    std::string found = TRY(text(of, name));
    if (!is_inside(found)) return wrong("`{}` is no path inside", json(found).dump());
    return found;
}

result<std::vector<std::string>> index_reader::texts(const json& of, const char* name, bool paths) const {
    std::vector<std::string> all;
    for (const json& one : *TRY(field(of, name, json::value_t::array))) {
        if (!one.is_string()) return wrong("`{}` isn't a list of texts", name);
        const std::string& found = one.get_ref<const std::string&>();
        if (found.find('\0') != std::string::npos) return wrong("`{}` holds a zero byte", name);
        if (paths && !is_inside(found)) return wrong("{} is no path inside", one.dump());
        all.push_back(found);
    }
    return all;
}

result<bool> index_reader::flag(const json& of, const char* name) const {
    if (!of.contains(name)) return false;
    return TRY(field(of, name, json::value_t::boolean))->get<bool>();
}

result<sha256> index_reader::hash(const std::string& digits) const {
    const auto found = sha256::from_hex(digits);
    if (!found) return wrong("{} is no SHA-256", json(digits).dump());
    return *found;
}

// Of an action before that one.
result<output_of> index_reader::output(const json& of, std::size_t before) const {
    output_of made{.action = *TRY(field(of, "action", json::value_t::number_unsigned)),
                   .path = TRY(path(of, "output"))};
    if (made.action >= before) return wrong("it reads action {}, which isn't one before it", made.action);
    const action& other = to_.what.actions[made.action];
    const bool made_there =
        std::ranges::find(other.outputs, made.path) != other.outputs.end() ||
        std::ranges::any_of(other.output_folders, [&](const auto& one) { return made.path.starts_with(one + "/"); });
    if (!made_there) return wrong("it reads `{}`, which action {} doesn't make", made.path, made.action);
    return made;
}

result<void> index_reader::only(const json& of, std::initializer_list<const char*> names) const {
    for (const auto& [name, unused] : of.items())
        if (std::ranges::find(names, name) == names.end()) return wrong("{} isn't known", json(name).dump());
    return {};
}

// No file twice, none of them in another.
result<void> index_reader::no_overlap(const std::vector<std::string>& paths) const {
    std::set<std::string_view> all;
    for (const std::string& one : paths)
        if (!all.insert(one).second) return wrong("`{}` is there twice", one);
    for (const std::string_view one : all) {
        for (auto slash = one.find('/'); slash != std::string_view::npos; slash = one.find('/', slash + 1))
            if (all.contains(one.substr(0, slash)))
                return wrong("`{}` is a file, and `{}` lies in it", one.substr(0, slash), one);
    }
    return {};
}

result<void> index_reader::read_tree(const std::string& name, const json& list) {
    const sha256 tree = TRY(hash(name));
    if (!list.is_array()) return wrong("it isn't a list");
    std::vector<std::string> paths;
    for (const json& one : list) {
        tree_file made{.path = TRY(path(one, "path")), .blob = {}};
        CHECK(only(one, {"path", "blob", "executable", "folder"}));
        if (!TRY(flag(one, "folder"))) {
            made.blob = TRY(hash(TRY(text(one, "blob"))));
            made.executable = TRY(flag(one, "executable"));
            wanted[*made.blob].push_back({scratch_ / "trees" / name / made.path, made.executable});
        }
        paths.push_back(made.path);
        trees[tree].push_back(std::move(made));
    }
    trees[tree]; // an empty one as well
    return no_overlap(paths);
}

result<input> index_reader::read_input(const json& one, std::size_t before) {
    input made{.path = TRY(path(one, "path")), .from = {}};
    CHECK(only(one, {"path", "executable", "blob", "tree", "action", "output"}));
    made.executable = TRY(flag(one, "executable"));
    if (one.contains("action")) {
        made.from = TRY(output(one, before));
    } else if (one.contains("tree")) {
        const std::string name = TRY(text(one, "tree"));
        const sha256 tree = TRY(hash(name));
        if (!trees.contains(tree)) return wrong("there is no tree {}", name);
        made.from = host_folder{scratch_ / "trees" / name, tree};
    } else {
        const sha256 blob = TRY(hash(TRY(text(one, "blob"))));
        const fs::path file = scratch_ / "files" / blob.hex();
        if (auto& places = wanted[blob]; std::ranges::find(places, file, &place::file) == places.end())
            places.push_back({file, false});
        made.from = host_file{file};
    }
    return made;
}

result<void> index_reader::read_action(const json& one) {
    action made{.component = TRY(text(one, "component")),
                .label = TRY(text(one, "label")),
                .variant = TRY(text(one, "variant"))};
    CHECK(only(one, {"name", "component", "label", "variant", "arguments", "environment", "inputs", "outputs",
                     "output_folders"}));
    made.arguments = TRY(texts(one, "arguments", false));
    if (made.arguments.empty()) return wrong("`arguments` is empty");
    for (const auto& [name, value] : TRY(field(one, "environment", json::value_t::object))->items()) {
        if (name.empty() || name.find('=') != std::string::npos || name.find('\0') != std::string::npos ||
            !value.is_string() || value.get_ref<const std::string&>().find('\0') != std::string::npos)
            return wrong("{} is no variable of an environment", json(name).dump());
        made.environment.emplace(name, value);
    }
    made.outputs = TRY(texts(one, "outputs", true));
    made.output_folders = TRY(texts(one, "output_folders", true));
    std::vector<std::string> paths = made.outputs;
    for (const json& in : *TRY(field(one, "inputs", json::value_t::array))) {
        made.inputs.push_back(TRY(read_input(in, to_.what.actions.size())));
        paths.push_back(made.inputs.back().path);
    }
    CHECK(no_overlap(paths));
    to_.what.actions.push_back(std::move(made));
    return {};
}

result<void> index_reader::read_result(const json& one) {
    result_file made{.path = TRY(path(one, "path")), .from = generated{}};
    CHECK(only(one, {"path", "executable", "blob", "action", "output", "sha256"}));
    if (made.path.find('/') == std::string::npos) return wrong("`{}` lies in no variant's folder", made.path);
    made.executable = TRY(flag(one, "executable"));
    if (one.contains("action")) {
        made.from = TRY(output(one, to_.what.actions.size()));
        to_.came_out.emplace(made.path, TRY(hash(TRY(text(one, "sha256")))));
    } else {
        given.emplace_back(to_.what.results.size(), TRY(hash(TRY(text(one, "blob")))));
        wanted[given.back().second];
    }
    to_.what.results.push_back(std::move(made));
    return {};
}

result<void> index_reader::read(const std::string& whole) {
    const json index = json::parse(whole, nullptr, false);
    if (index.is_discarded()) return wrong("it isn't JSON");
    if (const std::uint64_t format = *TRY(field(index, "format", json::value_t::number_unsigned)); format != 1)
        return wrong("its format is {}, and this uk knows 1", format);
    CHECK(only(index, {"format", "application", "edition", "toolchain", "trees", "actions", "results"}));
    to_.application = TRY(text(index, "application"));
    const json& tools = *TRY(field(index, "toolchain", json::value_t::object));
    CHECK(only(tools, {"name", "version", "architecture", "host"}));
    if (tools.contains("host")) to_.host_toolchain = TRY(text(tools, "host"));
    for (const auto& [name, list] : TRY(field(index, "trees", json::value_t::object))->items()) {
        where_ = fmt::format("tree {}: ", json(name).dump());
        CHECK(read_tree(name, list));
    }
    where_.clear();
    for (const json& one : *TRY(field(index, "actions", json::value_t::array))) {
        where_ = fmt::format("action {}: ", to_.what.actions.size());
        CHECK(read_action(one));
    }
    where_.clear();
    std::vector<std::string> paths;
    for (const json& one : *TRY(field(index, "results", json::value_t::array))) {
        where_ = fmt::format("result {}: ", paths.size());
        CHECK(read_result(one));
        paths.push_back(to_.what.results.back().path);
    }
    where_.clear();
    return no_overlap(paths);
}

// Not synced: the scratch folder is this process's.
result<void> write(const fs::path& file, const std::string& content, bool executable) {
    CHECK(base::make_folders(file.parent_path()));
    const base::descriptor to{
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, executable ? 0755 : 0644)};
    const int problem = to.is_open() ? base::write_all(to.number(), content) : errno;
    if (problem != 0) return base::cannot_write(file, problem);
    return {};
}

} // namespace

result<opened_archive> open_archive(const fs::path& file, const fs::path& scratch) {
    const auto wrong = [&](const std::string& text) { return fail(status::input, {file.string(), 0, 0}, "{}", text); };
    tar_reader in = TRY(tar_reader::open(file));
    opened_archive made;
    index_reader index{file, scratch, made};
    std::map<sha256, std::int64_t> sizes;
    std::map<sha256, std::string> contents; // of results
    std::uint64_t left = std::max(least_cap, in.size() * most_times);
    bool has_index = false;
    std::string before;
    const auto take_blob = [&](const tar_reader::entry& entry) -> result<void> {
        const auto hash = sha256::from_hex(std::string_view{entry.name}.substr(6));
        if (!hash) return wrong(fmt::format("`{}` is no name of a blob", entry.name));
        const auto wanted = index.wanted.find(*hash);
        if (wanted == index.wanted.end()) return wrong(fmt::format("nothing needs `{}`", entry.name));
        const std::string content = TRY(in.read(entry));
        if (const sha256 found = base::digest_of(content).hash; found != *hash)
            return wrong(fmt::format("`{}` isn't what its name says", entry.name))
                .add({"found", found.hex(), {}})
                .hint("the archive is damaged: copy it again");
        sizes.emplace(*hash, static_cast<std::int64_t>(content.size()));
        for (const auto& [to, executable] : wanted->second) {
            if (content.size() > left) return wrong("the archive unpacks to too much");
            left -= content.size();
            CHECK(write(to, content, executable));
        }
        if (std::ranges::find(index.given, *hash, [](const auto& one) { return one.second; }) != index.given.end())
            contents.emplace(*hash, content);
        return {};
    };
    while (const auto entry = TRY(in.next())) {
        const bool is_index = entry->name == "index.json";
        const std::string here = (entry->name == "README" ? "0" : is_index ? "1" : "2") + entry->name;
        if (here <= before)
            return wrong(fmt::format("`{}` is there twice, or isn't at its place", base::printable(entry->name)));
        before = here;
        if (entry->name == "README") continue;
        if (is_index) {
            has_index = true;
            if (entry->size > largest_index) return wrong("its index.json is too large");
            CHECK(index.read(TRY(in.read(*entry))));
        } else if (has_index && entry->name.starts_with("blobs/")) {
            CHECK(take_blob(*entry));
        } else {
            return wrong(fmt::format("`{}` is none of its files", base::printable(entry->name)));
        }
    }
    if (!has_index) return wrong("it has no index.json");
    for (const auto& [hash, unused] : index.wanted)
        if (!sizes.contains(hash)) return wrong(fmt::format("it lacks `blobs/{}`", hash.hex()));
    for (const auto& [name, list] : index.trees) {
        base::tree_builder tree;
        CHECK(base::make_folders(scratch / "trees" / name.hex()));
        for (const auto& one : list) {
            if (one.blob) {
                tree.add_file(one.path, {*one.blob, sizes.at(*one.blob)}, one.executable);
                continue;
            }
            tree.add_tree(one.path, base::digest_of(base::encode_directory({}, {})));
            CHECK(base::make_folders(scratch / "trees" / name.hex() / one.path));
        }
        if (const sha256 found = tree.finish().hash; found != name)
            return wrong(fmt::format("the tree {} isn't what its name says", name.hex()))
                .add({"found", found.hex(), {}});
    }
    for (const auto& [at, hash] : index.given) made.what.results[at].from = generated{contents.at(hash)};
    return made;
}

} // namespace uk::build
