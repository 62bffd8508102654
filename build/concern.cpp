#include "build/concern.hpp"

#include "base/file.hpp"

namespace uk::build {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

void add_nearest(std::set<fs::path>& to, fs::path folder) {
    std::error_code ignored;
    while (!folder.empty() && folder.has_relative_path() && !fs::is_directory(folder, ignored))
        folder = folder.parent_path();
    to.insert(folder.empty() ? "." : folder);
}

// One of them, beside or above one of them.
bool is_among(const path_set& paths, const fs::path& path) {
    if (paths.contains(path) || paths.contains(path.parent_path())) return true;
    const auto below = paths.lower_bound(path / "");
    return below != paths.end() && below->native().starts_with((path / "").native());
}

} // namespace

std::set<fs::path> folders_of(const watched& all) {
    std::set<fs::path> folders;
    std::error_code ignored;
    for (const path_set* paths : {&all.inputs, &all.outputs}) {
        for (const fs::path& path : *paths) {
            add_nearest(folders, path.parent_path());
            if (paths == &all.inputs && fs::is_directory(path, ignored)) folders.insert(path);
        }
    }
    for (const auto& [where, unused] : all.names) {
        add_nearest(folders, where.first);
        if (where.second.empty()) continue;
        // What builds write lies in dist/.
        for (auto at = fs::recursive_directory_iterator{where.first, ignored}; at != fs::recursive_directory_iterator{};
             at.increment(ignored)) {
            if (!at->is_directory(ignored)) continue;
            if (is_hidden(at->path()) || at->path() == where.first / "dist") at.disable_recursion_pending();
            else folders.insert(at->path());
        }
    }
    return folders;
}

bool concerns(const watched& all, const fs::path& path) {
    if (path.filename() == "uk.lock") return all.inputs.contains(path) || all.outputs.contains(path);
    if (all.outputs.contains(path)) return false;
    if (is_among(all.inputs, path)) return true;
    for (const auto& [where, unused] : all.names) {
        const auto& [folder, pattern] = where;
        const fs::path below = path.lexically_relative(folder);
        if (below.empty() || *below.begin() == ".." || *below.begin() == "dist" || is_hidden(path)) continue;
        if (pattern.empty() && path.parent_path() == folder && path.filename() != "compile_commands.json") return true;
        // A folder that came, or went, with what is in it.
        if (!pattern.empty() && (base::matches_glob(pattern, below.string()) || !path.has_extension())) return true;
    }
    return false;
}

bool concerns_choices(const watched& all, const fs::path& path) {
    return path.filename() == "uk.lock" || is_among(all.choices, path);
}

} // namespace uk::build
