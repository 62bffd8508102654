#include "cli/workspace.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "build/workspace.hpp"

namespace uk::cli {

using base::fail;
using base::result;
using base::status;

namespace {

constexpr std::array<std::string_view, 3> for_each{"build", "check", "test"};
constexpr std::array<std::string_view, 2> for_all{"lock", "update"}; // one lock: any application does

result<int> run_each(context& how, const build::workspace& all, const verb& chosen) {
    if (how.json)
        return fail(status::usage, all.content.where, "with --json, which application of the workspace is meant?")
            .hint(fmt::format("`-p NAME` chooses one of {}", all.names()));
    for (const auto& [name, one] : all.applications) {
        how.folder = one.folder;
        how.say(name + ":");
        const result<int> ended = chosen(how);
        if (!ended || *ended != 0) return ended;
    }
    return 0;
}

// Of the application that -p names, from the top or from another of them.
result<std::filesystem::path> folder_of(const context& how) {
    const auto around = TRY(build::find_workspace(how.folder));
    if (!around)
        return fail(status::usage, {}, "`-p` chooses an application of a workspace, and this is none")
            .hint("`-C DIR` works in another folder");
    const auto one = around->applications.find(how.project);
    if (one != around->applications.end()) return one->second.folder;
    std::vector<std::string> known;
    for (const auto& [each, unused] : around->applications) known.push_back(each);
    return fail(status::usage, {}, "the workspace has no application `{}`{}", how.project,
                base::did_you_mean(how.project, known))
        .hint(fmt::format("there are {}", around->names()));
}

} // namespace

result<int> in_workspace(context& how, const std::string& name, const verb& chosen) {
    if (!how.project.empty()) {
        how.folder = TRY(folder_of(how));
        return chosen(how);
    }
    const bool is_for_each = std::ranges::find(for_each, name) != for_each.end();
    const bool is_for_all = std::ranges::find(for_all, name) != for_all.end();
    if (!is_for_each && !is_for_all) return chosen(how);
    const auto top = TRY(build::workspace_at(how.folder));
    if (!top || top->applications.empty()) return chosen(how);
    if (is_for_each) return run_each(how, *top, chosen);
    how.folder = top->applications.begin()->second.folder;
    return chosen(how);
}

} // namespace uk::cli
