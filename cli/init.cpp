// uk init: a new application from a template.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "registry/index.hpp"

namespace uk::cli {

namespace fs = std::filesystem;
using base::error;
using base::fail;
using base::json;
using base::result;
using base::status;

namespace {

constexpr std::string_view prefix = "template-";

// Templates are components `template-NAME`; what lies in their files/ is copied.
result<const registry::entry*> find_template(const registry::index& components, const std::string& name) {
    std::vector<std::string> names;
    for (const std::string& one : components.names()) {
        if (one.starts_with(prefix)) names.push_back(one.substr(prefix.size()));
    }
    if (std::ranges::find(names, name) == names.end())
        return fail(status::usage, {}, "there is no template `{}`{}", name, base::did_you_mean(name, names))
            .hint("there are " + base::join(names, ", "));
    const std::string component = std::string{prefix} + name;
    return components.find(component, *components.newest(component));
}

// The folder's name as an application's: lower case, and what a name can't hold becomes `-`.
std::string name_from(const fs::path& folder) {
    std::string name = fs::absolute(folder).lexically_normal().filename().string();
    if (name.empty()) name = fs::absolute(folder).lexically_normal().parent_path().filename().string();
    for (char& c : name) {
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') c = '-';
    }
    const auto first = std::ranges::find_if(name, [](unsigned char c) { return std::isalnum(c); });
    name.erase(name.begin(), first);
    return name.empty() ? "application" : name.substr(0, 64);
}

// A template is an application that works as it is; only its `name:` is exchanged.
std::string with_name(std::string manifest, const std::string& name) {
    const auto at = manifest.starts_with("name: ") ? 0 : manifest.find("\nname: ");
    if (at == std::string::npos) return manifest;
    const auto begin = manifest.find(' ', at) + 1;
    return manifest.replace(begin, manifest.find('\n', begin) - begin, name);
}

result<int> init(context& how, const std::string& where, const std::string& chosen) {
    const fs::path folder = how.folder / where;
    const registry::index components = TRY(registry::index::open(TRY(how.data_folder())));
    const registry::entry* from = TRY(find_template(components, chosen));
    if (fs::exists(folder) && !fs::is_directory(folder))
        return error{status::usage, "is no folder", {folder.string(), 0, 0}, ""};
    const fs::path files = from->folder / "files";
    const std::vector<std::string> list = TRY(base::list_files(files));
    for (const std::string& file : list) {
        if (fs::exists(folder / file))
            return error{status::usage,
                         "is there already",
                         {(folder / file).lexically_normal().string(), 0, 0},
                         "`uk init` overwrites nothing; name a new folder"};
    }
    const std::string name = name_from(folder);
    for (const std::string& file : list) {
        const std::string content = TRY(base::read_file(files / file));
        CHECK(base::make_folders((folder / file).parent_path()));
        CHECK(base::write_file(folder / file, file == "uk.yaml" ? with_name(content, name) : content));
    }
    if (how.json) {
        how.print(json{{"name", name}, {"folder", where}, {"files", list}}.dump(2) + "\n");
        return 0;
    }
    for (const std::string& file : list)
        how.print(fmt::format("{}\n", (fs::path{where} / file).lexically_normal().string()));
    how.say(fmt::format("next: cd {} && uk build && uk run", where));
    return 0;
}

} // namespace

void add_init(CLI::App& app, verb& chosen) {
    struct options {
        std::string folder, from = "web";
    };
    CLI::App* const verb = app.add_subcommand("init", "Begin a new application");
    const auto asked = std::make_shared<options>();
    verb->add_option("folder", asked->folder, "Where; the application is named like it")->required()->type_name("DIR");
    verb->add_option("--template", asked->from, "web (the default), hello or minimal")->type_name("TEMPLATE");
    verb->footer("\nExamples:\n  uk init site\n  uk init tiny --template minimal");
    verb->callback(
        [&chosen, asked] { chosen = [asked](context& how) { return init(how, asked->folder, asked->from); }; });
}

} // namespace uk::cli
