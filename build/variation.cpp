#include "build/variation.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <thread>

#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "registry/loader.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::result;

namespace {

struct words {
    const char *name, *described;
};
constexpr std::array<words, 11> table = {{
    {"folder", "the folder it works in (`/build`, varied: `/somewhere-else`)"},
    {"user", "the user's and group's number (1000, varied: 2345)"},
    {"host", "the host's name (`uk`, varied: `elsewhere`)"},
    {"umask", "the umask (022, varied: 077)"},
    {"processors", "the number of processors (all, varied: 1)"},
    {"uptime", "the time since boot (varied: a year more)"},
    {"locale", "the locale (`C`, varied: `C.UTF-8`)"},
    {"time-zone", "the time zone (`UTC`, varied: 13:37 hours east)"},
    {"environment", "the environment (varied: another HOME and PATH; USER, SHELL, TERM, COLUMNS besides)"},
    {"file-order", "the order of files in folders"},
    {"file-times", "the times of input files"},
}};

void set_unless_own(sandbox_request& request, const std::map<std::string, std::string>& own, const char* name,
                    const char* value) {
    if (!own.contains(name)) request.environment[name] = value;
}

} // namespace

std::string name_of(variation one) { return table[static_cast<std::size_t>(one)].name; }
std::string describe(variation one) { return table[static_cast<std::size_t>(one)].described; }

std::vector<variation> possible_variations() {
    std::vector<variation> all;
    std::error_code ignored;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto one = static_cast<variation>(i);
        if (one == variation::processors && std::thread::hardware_concurrency() < 2) continue;
        if (one == variation::uptime && !fs::exists("/proc/self/ns/time_for_children", ignored)) continue;
        all.push_back(one);
    }
    return all;
}

result<const std::vector<folder_reader::file>*> folder_reader::read(const fs::path& folder) {
    const std::scoped_lock lock{guard_};
    if (const auto at = read_.find(folder); at != read_.end()) return &at->second;
    std::vector<file> files;
    for (const std::string& path : TRY(base::list_files(folder))) {
        struct stat about{};
        if (::stat((folder / path).c_str(), &about) != 0) continue; // a build says so
        std::string content = TRY(base::read_file(folder / path));
        files.push_back({path, std::move(content), (about.st_mode & S_IXUSR) != 0, about.st_mtim.tv_sec});
    }
    return &(read_[folder] = std::move(files));
}

result<void> place_folders(sandbox_request& request, folder_reader& folders) {
    std::vector<sandbox_request::folder> shown;
    for (const sandbox_request::folder& one : request.folders) {
        if (one.path ==
            registry::toolchain_place) { // the host's isn't varied either; too large to be copied for each action
            shown.push_back(one);
            continue;
        }
        for (const folder_reader::file& file : *TRY(folders.read(one.from)))
            request.files.push_back({one.path + "/" + file.path, file.content, file.executable, file.time});
    }
    request.folders = std::move(shown);
    return {};
}

result<void> vary(sandbox_request& request, const std::vector<variation>& all,
                  const std::map<std::string, std::string>& own, folder_reader& folders) {
    constexpr std::int64_t year = 365 * 86400;
    for (const variation one : all) {
        switch (one) {
        case variation::folder: request.around.folder = "somewhere-else"; break;
        case variation::user: request.around.id = 2345; break;
        case variation::host: request.around.host = "elsewhere"; break;
        case variation::mask: request.around.mask = 077; break;
        case variation::processors: request.around.one_processor = true; break;
        case variation::uptime: request.around.up_for = year; break;
        case variation::locale:
            for (const char* name : {"LC_ALL", "LANG"}) set_unless_own(request, own, name, "C.UTF-8");
            set_unless_own(request, own, "LANGUAGE", "de");
            break;
        case variation::zone: set_unless_own(request, own, "TZ", "UKT-13:37"); break;
        case variation::environment:
            set_unless_own(request, own, "HOME", "/nowhere");
            set_unless_own(request, own, "PATH", "/usr/bin:/nowhere");
            set_unless_own(request, own, "USER", "somebody");
            set_unless_own(request, own, "SHELL", "/nowhere/sh");
            set_unless_own(request, own, "TERM", "dumb");
            set_unless_own(request, own, "COLUMNS", "213");
            break;
        case variation::order:
            CHECK(place_folders(request, folders));
            std::ranges::sort(request.files, {}, [](const auto& file) { return base::digest_of(file.path).hash; });
            break;
        case variation::times:
            CHECK(place_folders(request, folders));
            request.around.file_time += year;
            for (auto& file : request.files) file.time.reset();
            break;
        }
    }
    return {};
}

} // namespace uk::build
