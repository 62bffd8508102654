#include "build/workspace.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

namespace {

fs::path full(const fs::path& folder) {
    std::error_code ignored;
    const fs::path made = fs::absolute(folder, ignored).lexically_normal();
    return made.has_filename() ? made : made.parent_path();
}

// As short as it is from here.
fs::path shown(const fs::path& absolute) {
    std::error_code ignored;
    const fs::path relative = absolute.lexically_relative(fs::current_path(ignored));
    return relative.empty() ? absolute : relative;
}

// The folders that match, sorted; a part without a wildcard is taken as it is.
std::vector<fs::path> matching(const fs::path& root, const std::string& pattern) {
    std::vector<fs::path> found{root};
    for (const std::string_view part : base::split(pattern, '/')) {
        std::vector<fs::path> next;
        for (const fs::path& folder : found) {
            if (part.find_first_of("*?") == std::string_view::npos) {
                next.push_back(folder / part);
                continue;
            }
            std::error_code ignored;
            for (const auto& one : fs::directory_iterator{folder, ignored}) {
                const std::string name = one.path().filename();
                if (one.is_directory() && !name.starts_with(".") && base::matches_glob(part, name))
                    next.push_back(one.path());
            }
        }
        found = std::move(next);
    }
    std::ranges::sort(found);
    return found;
}

result<void> add_application(workspace& to, const fs::path& folder) {
    const fs::path file = folder / "uk.yaml";
    registry::recipe read = TRY(registry::parse_manifest(TRY(base::read_file(file, 4 << 20)), file));
    for (const auto* all : {&read.registries, &read.overrides})
        for (const auto& [name, at] : *all)
            return fail(status::input, at.where, "registries and overrides are for the whole workspace: say them in {}",
                        (to.root / "uk.yaml").lexically_normal().string());
    if (read.toolchain)
        return fail(status::input, read.toolchain->where, "the toolchain is for the whole workspace: say it in {}",
                    (to.root / "uk.yaml").lexically_normal().string());
    if (fs::is_directory(folder / "recipes"))
        return fail(status::input, {(folder / "recipes").string(), 0, 0},
                    "an application of a workspace has no components of its own")
            .hint(fmt::format("move them to {}, or name their folders under `workspace:`",
                              (to.root / "recipes").lexically_normal().string()));
    const std::string name = read.name;
    if (const auto at = to.applications.find(name); at != to.applications.end())
        return fail(status::input, read.where, "two applications of the workspace are called `{}`", name)
            .add({"first here", "", at->second.manifest.where});
    to.applications.emplace(name, workspace::application{folder, std::move(read)});
    return {};
}

result<workspace> read(const fs::path& root, const base::yaml::node& file) {
    workspace made{.root = root, .content = TRY(registry::read_workspace(file)), .applications = {}, .components = {}};
    std::vector<fs::path> seen;
    for (const auto& [pattern, where] : made.content.members) {
        bool any = false;
        for (const fs::path& folder : matching(root, pattern)) {
            const fs::path short_one = root == "." ? folder.lexically_relative(root) : folder;
            const bool is_application = fs::exists(folder / "uk.yaml"),
                       is_component = fs::exists(folder / "recipe.yaml");
            any = any || is_application || is_component;
            if ((!is_application && !is_component) || std::ranges::find(seen, folder) != seen.end()) continue;
            seen.push_back(folder);
            if (is_application) CHECK(add_application(made, short_one));
            else made.components.push_back(short_one);
        }
        if (!any) return fail(status::input, where, "nothing at `{}` has a uk.yaml or a recipe.yaml", pattern);
    }
    std::ranges::sort(made.components);
    return made;
}

} // namespace

const workspace::application* workspace::in(const fs::path& folder) const {
    const fs::path here = full(folder);
    for (const auto& [name, one] : applications)
        if (full(one.folder) == here) return &one;
    return nullptr;
}

std::string workspace::names() const {
    std::vector<std::string> all;
    for (const auto& [name, unused] : applications) all.push_back(name);
    return base::join(all, ", ");
}

result<std::optional<workspace>> workspace_at(const fs::path& folder) {
    const fs::path file = folder / "uk.yaml";
    const auto text = base::read_file(file, 4 << 20);
    if (!text || text->find("workspace:") == std::string::npos) return std::optional<workspace>{};
    const auto node = base::yaml::parse(*text, folder == "." ? "uk.yaml" : file.string());
    if (!node || !registry::is_workspace(*node))
        return std::optional<workspace>{}; // whoever uses it says what is wrong
    return TRY(read(folder, *node));
}

result<std::optional<workspace>> workspace_of(const fs::path& folder) {
    const fs::path here = full(folder);
    for (fs::path above = here.parent_path();; above = above.parent_path()) {
        if (auto found = TRY(workspace_at(shown(above))); found && found->in(folder)) return found;
        if (above == above.parent_path()) return std::optional<workspace>{};
    }
}

result<std::optional<workspace>> find_workspace(const fs::path& folder) {
    auto at = TRY(workspace_at(folder));
    return at ? std::move(at) : workspace_of(folder);
}

} // namespace uk::build
