#include "build/host_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/directory.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::digest;
using base::fail;
using base::result;
using base::status;

namespace {

struct walk {
    const std::function<result<digest>(const fs::path&)>& look;
    const std::function<void(const digest&, std::string)>& keep;
    folder_listing* entries; ///< null: not wanted

    /// `below`: its path in the listing.
    result<digest> tree_of(const fs::path& folder, const std::string& below) const;
};

result<digest> walk::tree_of(const fs::path& folder, const std::string& below) const {
    const std::unique_ptr<DIR, int (*)(DIR*)> listing{::opendir(folder.c_str()), ::closedir};
    if (!listing)
        return fail(status::input, {folder.string(), 0, 0}, "the folder can't be read: {}", std::strerror(errno));
    std::vector<base::file_node> files;
    std::vector<base::directory_node> folders;
    while (const dirent* entry = ::readdir(listing.get())) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        const fs::path path = folder / name;
        const std::string here = below.empty() ? name : below + "/" + name;
        struct stat s;
        if (::fstatat(::dirfd(listing.get()), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0)
            return fail(status::input, {path.string(), 0, 0}, "can't be read: {}", std::strerror(errno));
        if (S_ISDIR(s.st_mode)) {
            const digest inside = TRY(tree_of(path, here));
            folders.push_back({name, inside});
            if (entries != nullptr) entries->push_back({here, inside, true, false});
        } else if (S_ISREG(s.st_mode)) {
            const digest content = TRY(look(path));
            files.push_back({name, content, (s.st_mode & S_IXUSR) != 0});
            if (entries != nullptr) entries->push_back({here, content, false, files.back().executable});
        } else {
            return fail(status::input, {path.string(), 0, 0}, "{}, where only files and folders may be",
                        S_ISLNK(s.st_mode) ? "a symbolic link" : "a special file");
        }
    }
    std::string bytes = base::encode_directory(files, folders);
    const digest mine = base::digest_of(bytes);
    if (keep) keep(mine, std::move(bytes));
    return mine;
}

} // namespace

result<digest> tree_of_folder(const fs::path& folder, const std::function<result<digest>(const fs::path&)>& look,
                              const std::function<void(const digest&, std::string)>& keep) {
    return walk{look, keep, nullptr}.tree_of(folder, "");
}

result<listed_folder> list_folder(const fs::path& folder, const std::function<result<digest>(const fs::path&)>& look) {
    listed_folder found;
    found.tree = TRY((walk{look, {}, &found.entries}.tree_of(folder, "")));
    std::ranges::sort(found.entries, {}, &folder_entry::path);
    return found;
}

} // namespace uk::build
