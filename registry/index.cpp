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
    std::unique_ptr<entry> read = nullptr; // when first asked for
    std::optional<base::error> problem = {}; // why that failed
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

// What registry.yaml says.
struct description {
    std::string name;
    std::set<std::string> registries; // whose components its own may ask for, beside its own and the built-in ones
};

result<description> read_registry(const fs::path& root) {
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
    const auto others = in.texts("registries");
    description made{in.text("name"), {others.begin(), others.end()}};
    if (!made.name.empty()) check_name(made.name, in.find("name")->where, "name", true, found);
    if (const auto* format = in.find("format"); format && format->text != "1")
        found.add(format->where, "this version of uk reads registries of format 1, not `{}`", format->text);
    if (found.any()) return found.take();
    return made;
}

// What a recipe asks for by name.
std::vector<dependency> asked_by(const recipe& content) {
    std::vector<dependency> all;
    for (const auto* list : {&content.requires_, &content.conflicts})
        for (const require& one : *list)
            for (const auto& each : one.choices) all.push_back(each.component);
    for (const need& one : content.needs) all.push_back(one.signature);
    for (const implementation& one : content.implements) all.push_back(one.signature);
    all.insert(all.end(), content.over.begin(), content.over.end());
    return all;
}

} // namespace

struct index::state {
    std::string name;
    std::map<std::string, description> registries;
    std::map<std::string, std::pair<std::string, std::string>> twins; // name → the two registries that have it
    std::map<std::string, std::map<version, slot>> all;
    std::map<std::string, std::map<version, yank>> yanked;
    std::mutex reading;

    result<const entry*> find(const std::string& name, const version& which) {
        const auto versions = all.find(name);
        const auto at = versions == all.end() ? std::map<version, slot>::iterator{} : versions->second.find(which);
        if (versions == all.end() || at == versions->second.end())
            return fail(status::input, {}, "the registry `{}` has no `{} {}`", this->name, name, which.text());
        const std::lock_guard guard{reading};
        slot& one = at->second;
        if (one.problem) return *one.problem;
        if (!one.read) {
            auto made = read(one, name, which);
            if (!made) return *(one.problem = std::move(made).error());
            one.read = *std::move(made);
        }
        return one.read.get();
    }

    result<std::unique_ptr<entry>> read(const slot& from, const std::string& component, const version& which) const {
        auto made = TRY(read_entry(from));
        const auto& content = made->content;
        if (content.name != component || content.id != which)
            return fail(status::input, content.where, "this recipe is of `{} {}`, but lies in the folder of `{} {}`",
                        content.name, content.id.text(), component, which.text());
        CHECK(check_declared(*made));
        return made;
    }

    // Whoever can add a name to some registry must not get into the images of another's components.
    result<void> check_declared(const entry& one) const {
        const auto mine = registries.find(one.registry);
        if (mine == registries.end()) return {}; // one's own: may use all that the manifest names
        for (const dependency& asked : asked_by(one.content)) {
            const auto versions = all.find(asked.name);
            if (versions == all.end() || versions->second.empty()) continue;
            const std::string& other = versions->second.begin()->second.registry;
            if (other == name || other == one.registry || !registries.contains(other) ||
                mine->second.registries.contains(other))
                continue;
            return fail(status::input, asked.where,
                        "`{}` of the registry `{}` asks for `{}`, which is of the registry `{}`, and registry.yaml of "
                        "`{}` "
                        "doesn't declare that",
                        one.content.name, one.registry, asked.name, other, one.registry)
                .hint(fmt::format("whoever keeps `{}` writes `registries: [{}]` there", one.registry, other));
        }
        return {};
    }

    result<void> add(const fs::path& root, const description& described);
};

index::index(std::unique_ptr<state> s) : state_{std::move(s)} {}
index::index() : state_{std::make_unique<state>()} {}
index::index(index&&) noexcept = default;
index& index::operator=(index&&) noexcept = default;
index::~index() = default;

// Names and versions of one registry, and what it yanked.
result<void> index::state::add(const fs::path& root, const description& described) {
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
        if (const auto other = all.find(name); other != all.end() && !other->second.empty()) {
            twins.emplace(name, std::pair{other->second.begin()->second.registry, described.name});
            continue;
        }
        const auto versions = TRY(list_folders(folder));
        for (const auto& text : versions) {
            const auto read = TRY(parse_version(text, {.file = shown(folder / text)}));
            all[name].emplace(read, slot{folder / text, described.name, root});
        }
        yanked[name] = TRY(read_yanked(folder, shown(folder / "yanked.yaml")));
    }
    registries.emplace(described.name, described);
    return {};
}

result<index> index::open(const fs::path& root) {
    auto made = std::make_unique<state>();
    const auto described = TRY(read_registry(root));
    made->name = described.name;
    CHECK(made->add(root, described));
    return index{std::move(made)};
}

result<void> index::add(const fs::path& root, const std::string& name, const base::place& where) {
    const auto described = TRY(read_registry(root));
    if (described.name != name)
        return fail(status::input, where, "the registry here is called `{}`, not `{}`", described.name, name)
            .hint(fmt::format("its registry.yaml says so: write `{}: …`", described.name));
    return state_->add(root, described);
}

result<void> index::check_names() const {
    for (const auto& [name, both] : state_->twins)
        return fail(status::input, {}, "`{}` is in two registries, `{}` and `{}`", name, both.first, both.second)
            .hint(fmt::format("`overrides: {{{}: …}}` in uk.yaml says which one is meant", name));
    return {};
}

std::vector<std::string> index::registries() const {
    std::vector<std::string> names{state_->name};
    for (const auto& [name, unused] : state_->registries)
        if (name != state_->name) names.push_back(name);
    return names;
}

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

std::vector<std::string> index::implementers(const std::string& signature,
                                             std::vector<base::diagnostic>& unread) const {
    std::vector<std::string> found;
    const auto is_of = [&](const implementation& one) { return one.signature.name == signature; };
    for (const auto& [name, versions] : state_->all) {
        for (const auto& [which, unused] : versions) {
            const auto one = state_->find(name, which);
            if (!one) unread.push_back(one.error().diagnostics().front());
            if (!one || std::ranges::none_of((*one)->content.implements, is_of)) continue;
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
        slot made{folder, "path", folder};
        made.read = TRY(read_entry(made));
        const auto name = made.read->content.name;
        const auto which = made.read->content.id;
        own[name].insert_or_assign(which, std::move(made));
        const auto beside = folder.parent_path();
        if (beside.filename() == name) yanked[name] = TRY(read_yanked(beside, shown(beside / "yanked.yaml")));
    }
    for (auto& [name, versions] : own) {
        state_->all[name] = std::move(versions);
        state_->twins.erase(name);
    }
    for (auto& [name, versions] : yanked) state_->yanked[name] = std::move(versions);
    return {};
}

result<void> index::override_one(const std::string& name, const fs::path& folder, const std::string& kind,
                                 const base::place& where) {
    slot made{folder, kind, folder};
    if (!fs::exists(folder / "recipe.yaml"))
        return fail(status::input, where, "there is no recipe.yaml in `{}`, which `{}` is to come from", shown(folder),
                    name);
    made.read = TRY(read_entry(made));
    const recipe& content = made.read->content;
    if (content.name != name)
        return fail(status::input, where, "the recipe in `{}` is of `{}`, not of `{}`", shown(folder), content.name,
                    name);
    std::map<version, slot> only;
    only.emplace(content.id, std::move(made));
    state_->all[name] = std::move(only);
    state_->yanked.erase(name);
    state_->twins.erase(name);
    return {};
}

} // namespace uk::registry
