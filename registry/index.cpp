#include "registry/index.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include <dirent.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "registry/fields.hpp"
#include "registry/names.hpp"

namespace uk::registry {

namespace fs = std::filesystem;
using base::result;

namespace {

struct slot {
    fs::path folder;
    std::string registry;
    fs::path root;
    std::unique_ptr<entry> read; // when first asked for
};

// Paths in messages: as short as they are from here.
std::string shown(const fs::path& file) {
    std::error_code ignored;
    const auto here = fs::current_path(ignored);
    const auto relative = file.lexically_relative(here).string();
    return relative.empty() || relative.starts_with("..") ? file.string() : relative;
}

// The names of the folders in a folder, sorted. Other entries are not ours; a link is no folder.
result<std::vector<std::string>> list_folders(const fs::path& folder) {
    DIR* open = ::opendir(folder.c_str());
    if (!open)
        return fail(errno == ENOENT || errno == ENOTDIR ? status::input : status::environment, {.file = shown(folder)},
                    "can't read the folder: {}", std::strerror(errno));
    std::vector<std::string> found;
    while (const auto* one = ::readdir(open)) {
        const std::string name = one->d_name;
        if (name[0] == '.') continue;
        std::error_code ignored;
        const bool is_folder =
            one->d_type == DT_DIR || (one->d_type == DT_UNKNOWN &&
                                      fs::symlink_status(folder / name, ignored).type() == fs::file_type::directory);
        if (is_folder) found.push_back(name);
    }
    ::closedir(open);
    std::sort(found.begin(), found.end());
    return found;
}

result<std::unique_ptr<entry>> read_entry(const slot& from) {
    const auto file = from.folder / "recipe.yaml";
    const auto text = TRY(base::read_file(file));
    auto made = std::make_unique<entry>();
    made->content = TRY(parse_recipe(text, shown(file)));
    made->registry = from.registry;
    made->folder = from.folder;
    made->root = from.root;
    made->hash = base::digest_of(text).hash;
    return made;
}

result<std::string> read_registry(const fs::path& root) {
    const auto file = root / "registry.yaml";
    auto text = base::read_file(file, std::size_t{1} << 20);
    if (!text && text.error().kind() == status::input)
        return fail(status::input, {.file = root.string()}, "this folder is no registry: it has no registry.yaml");
    const auto content = TRY(std::move(text));
    const auto read = TRY(base::yaml::parse(content, shown(file)));
    problems found;
    const fields in{read, sets::registry, found};
    in.need("format");
    in.need("name");
    const auto name = in.text("name");
    if (!name.empty()) check_name(name, in.find("name")->where, "name", true, found);
    if (const auto* format = in.find("format"); format && format->text != "1")
        found.add(format->where, "this version of uk reads registries of format 1, not `{}`", format->text);
    if (found.any()) return found.take();
    return name;
}

} // namespace

struct index::state {
    std::string name;
    std::map<std::string, std::map<version, slot>> all;
    std::map<std::string, std::map<version, yank>> yanked;
    std::mutex reading;

    result<const entry*> find(const std::string& name, const version& which) {
        const auto versions = all.find(name);
        const auto at = versions == all.end() ? std::map<version, slot>::iterator{} : versions->second.find(which);
        if (versions == all.end() || at == versions->second.end())
            return fail(status::input, {}, "the registry `{}` has no `{} {}`", this->name, name, which.text());
        const std::lock_guard guard{reading};
        if (!at->second.read) {
            auto made = TRY(read_entry(at->second));
            const auto& content = made->content;
            if (content.name != name || content.id != which)
                return fail(status::input, content.where,
                            "this recipe is of `{} {}`, but lies in the folder of `{} {}`", content.name,
                            content.id.text(), name, which.text());
            at->second.read = std::move(made);
        }
        return at->second.read.get();
    }
};

index::index(std::unique_ptr<state> s) : state_{std::move(s)} {}
index::index(index&&) noexcept = default;
index& index::operator=(index&&) noexcept = default;
index::~index() = default;

result<index> index::open(const fs::path& root) {
    auto made = std::make_unique<state>();
    made->name = TRY(read_registry(root));
    std::map<std::string, std::string> lower_case;
    const auto names = TRY(list_folders(root / "recipes"));
    for (const auto& name : names) {
        auto lower = name;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (const auto [twin, is_new] = lower_case.emplace(lower, name); !is_new)
            return fail(status::input, {.file = shown(root / "recipes" / name)},
                        "the names `{}` and `{}` differ only in case", twin->second, name);
    }
    for (const auto& name : names) {
        const auto folder = root / "recipes" / name;
        if (const auto problem = name_problem(name, true); !problem.empty())
            return fail(status::input, {.file = shown(folder)}, "`{}` is no component's name: {}", name, problem);
        const auto versions = TRY(list_folders(folder));
        for (const auto& text : versions) {
            const auto read = TRY(parse_version(text, {.file = shown(folder / text)}));
            made->all[name].emplace(read, slot{folder / text, made->name, root, nullptr});
        }
        made->yanked[name] = TRY(read_yanked(folder, shown(folder / "yanked.yaml")));
    }
    return index{std::move(made)};
}

const std::string& index::name() const { return state_->name; }

std::vector<std::string> index::names() const {
    std::vector<std::string> names;
    for (const auto& [name, versions] : state_->all) names.push_back(name);
    return names;
}

std::vector<version> index::versions(const std::string& name) const {
    std::vector<version> found;
    if (const auto at = state_->all.find(name); at != state_->all.end())
        for (auto one = at->second.rbegin(); one != at->second.rend(); ++one) found.push_back(one->first);
    return found;
}

std::optional<version> index::newest(const std::string& name) const {
    const std::vector<version> all = versions(name);
    const auto good = std::ranges::find_if(all, [&](const version& id) { return !yanked(name, id); });
    if (good != all.end()) return *good;
    return all.empty() ? std::nullopt : std::optional{all.front()};
}

const yank* index::yanked(const std::string& name, const version& which) const {
    const auto versions = state_->yanked.find(name);
    if (versions == state_->yanked.end()) return nullptr;
    const auto at = versions->second.find(which);
    return at == versions->second.end() ? nullptr : &at->second;
}

result<std::vector<version>> index::known_versions(const std::string& name) const {
    std::vector<version> found = versions(name);
    if (found.empty())
        return fail(status::input, {}, "no registry has a component `{}`{}", name, base::did_you_mean(name, names()));
    return found;
}

result<const entry*> index::find(const std::string& name, const version& which) const {
    return state_->find(name, which);
}

result<std::vector<std::string>> index::implementers(const std::string& signature) const {
    std::vector<std::string> found;
    for (const auto& [name, versions] : state_->all) {
        for (const auto& [which, unused] : versions) {
            const auto* one = TRY(state_->find(name, which));
            const auto& all = one->content.implements;
            if (std::none_of(all.begin(), all.end(),
                             [&](const implementation& i) { return i.signature.name == signature; }))
                continue;
            found.push_back(name);
            break;
        }
    }
    return found;
}

result<void> index::override_with(const std::vector<fs::path>& folders) {
    std::map<std::string, std::map<version, slot>> own;
    std::map<std::string, std::map<version, yank>> yanked;
    for (const fs::path& folder : folders) {
        slot made{folder, "path", folder, nullptr};
        made.read = TRY(read_entry(made));
        const auto name = made.read->content.name;
        const auto which = made.read->content.id;
        own[name].insert_or_assign(which, std::move(made));
        const auto beside = folder.parent_path();
        if (beside.filename() == name) yanked[name] = TRY(read_yanked(beside, shown(beside / "yanked.yaml")));
    }
    for (auto& [name, versions] : own) state_->all[name] = std::move(versions);
    for (auto& [name, versions] : yanked) state_->yanked[name] = std::move(versions);
    return {};
}

} // namespace uk::registry
