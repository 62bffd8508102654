#include "build/sandbox_outputs.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace uk::build {

using base::descriptor;

namespace {

descriptor open_beneath(int folder, const std::string& path, int flags) {
    // NONBLOCK: opening a fifo must not wait.
    const open_how how{.flags = static_cast<std::uint64_t>(flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK),
                       .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_NO_XDEV};
    return descriptor{static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how))};
}

const char* kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISLNK(mode)) return "a symbolic link";
    return "a special file";
}

class collector {
  public:
    collector(int build, sandbox_result& to) : build_{build}, to_{to} {}

    void file(const std::string& path) {
        descriptor opened = open_beneath(build_, path, 0);
        struct stat about{};
        if (!opened.is_open() || ::fstat(opened.number(), &about) != 0) return missing(path, errno);
        if (!S_ISREG(about.st_mode))
            return wrong("made `{}` as {}, not as a regular file", path, kind_of(about.st_mode));
        to_.outputs.push_back({path, std::move(opened), (about.st_mode & S_IXUSR) != 0});
    }

    void folder(const std::string& path) {
        descriptor opened = open_beneath(build_, path, O_DIRECTORY);
        const std::unique_ptr<DIR, int (*)(DIR*)> listing{
            opened.is_open() ? ::fdopendir(::dup(opened.number())) : nullptr, ::closedir};
        if (!listing) return missing(path, errno);
        std::vector<std::string> folders, files;
        while (const dirent* entry = ::readdir(listing.get())) {
            const std::string name = entry->d_name;
            if (name == "." || name == "..") continue;
            (entry->d_type == DT_DIR ? folders : files).push_back(path + "/" + name);
        }
        std::ranges::sort(files);
        std::ranges::sort(folders);
        for (const std::string& one : files) file(one);
        for (const std::string& one : folders) folder(one);
    }

  private:
    void missing(const std::string& path, int code) {
        struct stat about{};
        if (code == ENOENT) return wrong("didn't make `{}`", path);
        if (code == ELOOP && ::fstatat(build_, path.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISLNK(about.st_mode))
            return wrong("made `{}` as {}, not as a regular file", path, kind_of(about.st_mode));
        wrong("made `{}` so that it can't be read: {}", path, std::strerror(code));
    }

    template <class... Arguments>
    void wrong(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
        if (to_.wrong.empty()) to_.wrong = fmt::format(text, std::forward<Arguments>(arguments)...);
    }

    int build_;
    sandbox_result& to_;
};

} // namespace

void take_outputs(int build, const sandbox_request& what, sandbox_result& to) {
    collector from{build, to};
    for (const std::string& path : what.outputs) from.file(path);
    for (const std::string& path : what.output_folders) from.folder(path);
    std::ranges::sort(to.outputs, {}, &sandbox_output::path);
}

std::vector<std::string> files_read(int build, const sandbox_request& what) {
    std::vector<std::string> paths;
    for (const sandbox_request::file& one : what.files) {
        struct stat about{};
        const std::int64_t placed = one.time.value_or(what.around.file_time);
        // A file that is gone or was written to says nothing of what was seen before.
        if (one.content.empty() || ::fstatat(build, one.path.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0 ||
            about.st_atim.tv_sec != placed || about.st_mtim.tv_sec != placed)
            paths.push_back(one.path);
    }
    std::ranges::sort(paths);
    return paths;
}

} // namespace uk::build
