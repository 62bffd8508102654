#include "registry/workspace.hpp"

#include "registry/names.hpp"
#include "registry/recipe_reader.hpp"

namespace uk::registry {

bool is_workspace(const node& file) { return file.is_mapping() && file.find("workspace") != nullptr; }

base::result<workspace> read_workspace(const node& file) {
    problems found;
    const fields in{file, sets::workspace, found};
    workspace made{.registries = read_locations(in, "registries", found),
                   .overrides = read_locations(in, "overrides", found),
                   .toolchain = read_toolchain(in, found),
                   .where = in.where("workspace")};
    const node& list = *in.find("workspace");
    if (!list.is_sequence() || list.items.empty())
        found.add(list.where, "expected a list of folders for `workspace`: `workspace: [apps/*, components/*]`");
    for (const node& item : list.items) {
        const std::string text = read_text(item, "workspace", found);
        const auto path = normal_path(text);
        if (text.empty()) continue;
        if (!path || path->find("**") != std::string::npos)
            found.add(item.where, "`{}` is no folder below this one; `*` stands for any name in one folder", text);
        else made.members.push_back({*path, item.where});
    }
    if (found.any()) return found.take();
    return made;
}

} // namespace uk::registry
