#include "registry/location.hpp"

#include <algorithm>

#include "registry/names.hpp"
#include "registry/recipe_reader.hpp"

namespace uk::registry {

namespace {

constexpr std::string_view kept_name = "builtin"; // the registry that comes with uk

bool is_commit(const std::string& text) {
    return text.size() == 40 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// No options of any program, no control characters, no name or password in a file that is kept with the sources.
bool is_repository(const std::string& text) {
    const bool is_plain = std::ranges::all_of(text, [](unsigned char c) { return c > 32 && c != 127; });
    if (text.starts_with("https://") || text.starts_with("http://"))
        return is_plain && text.find('@') == std::string::npos;
    return is_plain && (text.starts_with("/") || text.starts_with("./") || text.starts_with("../"));
}

location read_location(const node& written, problems& found) {
    const fields in{written, sets::location, found};
    location made{.path = in.text("path"), .git = in.text("git"), .where = written.where};
    made.branch = in.text("branch");
    made.commit = in.text("commit");
    made.folder = in.path("folder");
    if (!in.is_mapping()) return made;
    if (in.has("path") == in.has("git") && !in.is_mistyped("path") && !in.is_mistyped("git"))
        found.add(fail(status::input, written.where, "expected one of `path` and `git`")
                      .hint("`{path: ../folder}`, or `{git: https://…, branch: main}`"));
    for (const char* field : {"branch", "commit", "folder"})
        if (in.has("path") && in.has(field)) found.add(in.where(field), "`{}` goes with `git`, not with `path`", field);
    if (in.has("branch") && in.has("commit")) found.add(in.where("commit"), "either `branch` or `commit`, not both");
    if (!made.git.empty() && !is_repository(made.git))
        found.add(in.find("git")->where,
                  "`{}` is no repository: an https URL without a name, or a folder such as ../x.git", made.git);
    if (!made.commit.empty() && !is_commit(made.commit))
        found.add(in.find("commit")->where, "expected all 40 hexadecimal digits of a commit, not `{}`", made.commit);
    return made;
}

} // namespace

std::map<std::string, location> read_locations(const fields& in, std::string_view field, problems& found) {
    std::map<std::string, location> made;
    const auto* all = in.find(field);
    if (!all) return made;
    if (!all->is_mapping()) {
        found.add(all->where, "expected a mapping for `{}`: `{}: {{name: {{path: ../folder}}}}`", field, field);
        return made;
    }
    for (const auto& [key, value] : all->entries) {
        if (!check_name(key.text, key.where, field == "overrides" ? "component" : "registry", true, found)) continue;
        if (field == "registries" && (key.text == kept_name || key.text == "path" || key.text == "git"))
            found.add(key.where, "no registry of one's own can be called `{}`", key.text);
        made.emplace(key.text, read_location(value, found));
    }
    return made;
}

base::result<std::map<std::string, location>> parse_local(std::string_view text, const std::string& file) {
    const auto root = TRY(base::yaml::parse(text, file));
    problems found;
    const fields in{root, sets::local, found};
    auto made = read_locations(in, "overrides", found);
    for (const auto& [name, one] : made)
        if (one.is_git() && !found.any())
            found.add(one.where, "{} overrides by `path` only; uk.yaml takes `git` as well", file);
    if (found.any()) return found.take();
    return made;
}

} // namespace uk::registry
