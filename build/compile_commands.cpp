#include "build/compile_commands.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <unordered_map>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::json;
using base::result;

namespace {

result<void> write_if_other(const fs::path& file, const std::string& content) {
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored) && fs::file_size(file, ignored) == content.size()) {
        const auto old = base::read_file(file);
        if (old && *old == content) return {};
    }
    CHECK(base::make_folders(file.parent_path()));
    return base::write_file(file, content);
}

// Where paths of the action's root really are; what only the plan or an action brings along is written into `place`.
class places {
  public:
    std::string real(const action& a, const std::string& path, const fs::path& place) {
        for (const input& in : a.inputs) {
            if (const auto* folder = std::get_if<host_folder>(&in.from); folder && base::lies_in(path, in.path))
                return below(of_host(folder->folder), path.substr(in.path.size()));
            const auto* file = std::get_if<host_file>(&in.from);
            if (!file || !base::lies_in(in.path, path)) continue;
            const std::string& whole = of_host(file->file);
            const std::string_view rest =
                std::string_view{in.path}.substr(path.size()); // empty, or `/src/main.cpp` of the folder `app`
            if (whole.ends_with(rest)) return whole.substr(0, whole.size() - rest.size());
        }
        return (place / path).string();
    }

  private:
    // All commands have the same folders.
    const std::string& of_host(const fs::path& path) {
        auto at = known_.find(path.native());
        if (at == known_.end()) {
            std::string normal = fs::absolute(path).lexically_normal().string();
            if (normal.ends_with('/')) normal.pop_back();
            at = known_.emplace(path.native(), std::move(normal)).first;
        }
        return at->second;
    }

    static std::string below(const std::string& folder, const std::string& rest) {
        if (rest.find("/.") == std::string::npos && rest.find("//") == std::string::npos) return folder + rest;
        return fs::path{folder + rest}.lexically_normal().string();
    }

    std::unordered_map<std::string, std::string> known_;
};

// The sandbox's command, without what only makes the object and what only GCC knows.
json command_of(const action& a, const fs::path& place, places& all) {
    json words = json::array();
    for (std::size_t i = 0; i < a.arguments.size(); ++i) {
        const std::string& word = a.arguments[i];
        const auto map = [&](const std::string& path) {
            return path.starts_with('/') ? path : all.real(a, path, place);
        };
        if (word == "-fno-tree-loop-distribute-patterns") continue;
        if (word == "-o") ++i;
        else if (word.starts_with("-I")) words.push_back("-I" + map(word.substr(2)));
        else if (i > 0 && (a.arguments[i - 1] == "-isystem" || word == a.source)) words.push_back(map(word));
        else words.push_back(word);
    }
    return words;
}

bool is_ours(const fs::path& database, const fs::path& place) {
    std::string first(65536, '\0'); // the first entry: the whole may be large
    first.resize(static_cast<std::size_t>(std::ifstream{database}.read(first.data(), 65536).gcount()));
    const auto end = first.find("\n }");
    const json parsed = json::parse(end == first.npos ? first : first.substr(0, end + 3) + "]", nullptr, false);
    if (!parsed.is_array() || parsed.empty() || !parsed[0].is_object() || !parsed[0].contains("directory"))
        return false;
    const json& folder = parsed[0]["directory"];
    // A moved project or store has another number, and the same form.
    return folder.is_string() &&
           fs::path{folder.get<std::string>()}.parent_path().parent_path().filename() == place.parent_path().filename();
}

} // namespace

editor_files::editor_files(const fs::path& project, const store& kept) {
    std::error_code ignored;
    const fs::path folder = fs::absolute(project, ignored).lexically_normal() / "";
    database = folder / "compile_commands.json";
    place = fs::absolute(kept.home(), ignored) / "editors" / base::digest_of(folder.string()).hash.hex().substr(0, 16);
}

result<void> write_compile_commands(const plan& what, const outcome& done, store& from, const editor_files& to,
                                    const std::string& shown) {
    places all;
    std::map<std::string, std::vector<json>> entries; // by variant
    std::map<std::string, const input*> files;
    for (const action& a : what.actions) {
        if (a.source.empty()) continue;
        const fs::path place = to.place / a.variant;
        for (const input& in : a.inputs) {
            if (std::holds_alternative<generated>(in.from) || std::holds_alternative<output_of>(in.from))
                files[place.native() + "/" + in.path] = &in;
        }
        entries[a.variant].push_back({{"directory", place.string()},
                                      {"file", all.real(a, a.source, place)},
                                      {"arguments", command_of(a, place, all)}});
    }
    for (const auto& [file, in] : files) {
        if (const auto* text = std::get_if<generated>(&in->from)) {
            CHECK(write_if_other(file, text->content));
            continue;
        }
        const output_of& made = std::get<output_of>(in->from);
        const std::string content = TRY(from.get(done.actions.at(made.action).result.files.at(made.path).blob));
        CHECK(write_if_other(file, content));
    }
    std::map<std::string, std::string> databases;
    const std::string own = to.database.parent_path().string() + "/";
    for (auto& [variant, list] : entries) {
        // The project first: that is what people edit.
        std::ranges::stable_partition(
            list, [&](const json& one) { return one["file"].get_ref<const std::string&>().starts_with(own); });
        databases[variant] = json(list).dump(1) + "\n";
        CHECK(write_if_other(to.place / variant / "compile_commands.json", databases[variant]));
    }
    if (databases.empty()) return {};
    // Whose they are: when that is gone, they are removed (build/upkeep.hpp).
    CHECK(write_if_other(to.place / "project", to.database.parent_path().string() + "\n"));
    const bool is_there = fs::exists(fs::symlink_status(to.database));
    const auto chosen = databases.find(shown);
    if (is_there && (chosen == databases.end() || !is_ours(to.database, to.place))) return {};
    return write_if_other(to.database, (chosen == databases.end() ? databases.begin() : chosen)->second);
}

} // namespace uk::build
