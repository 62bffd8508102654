// dist/: what a build gives to people.
#include <map>
#include <set>

#include "base/file.hpp"
#include "build/engine.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::result;

namespace {

// Left alone if it is the same: whoever watches it has no reason to start again.
bool is_same(const fs::path& file, const std::string& content, bool executable) {
    std::error_code ignored;
    const fs::file_status now = fs::symlink_status(file, ignored);
    if (!fs::is_regular_file(now) || fs::file_size(file, ignored) != content.size()) return false;
    if (((now.permissions() & fs::perms::owner_exec) != fs::perms::none) != executable) return false;
    const auto old = base::read_file(file);
    return old && *old == content;
}

// What an earlier build left there.
void remove_others(const fs::path& dist, const std::string& variant, const std::set<std::string>& wanted) {
    std::error_code ignored;
    std::vector<fs::path> stale;
    for (const auto& entry : fs::recursive_directory_iterator{dist / variant, ignored}) {
        if (fs::is_directory(entry.symlink_status(ignored))) continue;
        if (!wanted.contains(entry.path().lexically_relative(dist).string())) stale.push_back(entry.path());
    }
    for (const fs::path& one : stale) fs::remove(one, ignored);
}

} // namespace

base::sha256 hash_of(const result_file& file, const outcome& done) {
    if (const auto* text = std::get_if<generated>(&file.from)) return base::digest_of(text->content).hash;
    const output_of& from = std::get<output_of>(file.from);
    return done.actions[from.action].result.files.at(from.path).blob.hash;
}

result<std::string> content_of(const result_file& file, const outcome& done, store& from) {
    if (const auto* text = std::get_if<generated>(&file.from)) return text->content;
    const output_of& output = std::get<output_of>(file.from);
    const auto& files = done.actions.at(output.action).result.files;
    const auto found = files.find(output.path);
    if (found == files.end())
        return base::fail(base::status::internal, {}, "`{}` is to be `{}`, which no action made", file.path,
                          output.path);
    return from.get(found->second.blob);
}

result<void> write_results(const plan& what, const outcome& done, store& from, const fs::path& dist) {
    std::map<std::string, std::set<std::string>> wanted; // variant → files
    for (const result_file& file : what.results) {
        wanted[file.path.substr(0, file.path.find('/'))].insert(file.path);
        const std::string content = TRY(content_of(file, done, from));
        const fs::path to = dist / file.path;
        if (is_same(to, content, file.executable)) continue;
        CHECK(base::make_folders(to.parent_path()));
        CHECK(base::write_file(to, content, file.executable));
    }
    for (const auto& [variant, files] : wanted) remove_others(dist, variant, files);
    return {};
}

} // namespace uk::build
