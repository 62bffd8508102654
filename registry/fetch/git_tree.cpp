#include "registry/fetch/git_tree.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace uk::registry {

namespace {

constexpr std::int64_t most_bytes = std::int64_t{512} << 20;
constexpr int most_entries = 100'000, most_deep = 32;

using tree = std::unique_ptr<git_tree, void (*)(git_tree*)>;

// Fetching accepts trees with such names; git itself would never check them out.
bool is_safe(std::string_view name) {
    std::string lower{name};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto is_bad = [](char c) { return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 32 || c == 127; };
    return !name.empty() && name.size() <= 255 && lower != "." && lower != ".." && lower != ".git" &&
           std::none_of(name.begin(), name.end(), is_bad);
}

class writer {
  public:
    writer(git_repository* from, git_odb* objects) : from_{from}, objects_{objects} {}

    std::string write(const git_tree* tree, const std::string& shown, const std::string& to, int depth) {
        if (depth > most_deep) return "its folders are more than 32 deep";
        if (::mkdir(to.c_str(), 0755) != 0) return "can't be written: " + std::string{std::strerror(errno)};
        for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
            const git_tree_entry* one = git_tree_entry_byindex(tree, i);
            const std::string name = git_tree_entry_name(one);
            if (!is_safe(name))
                return "it holds a name that can't be a file's" + (shown.empty() ? "" : ", in `" + shown + "`");
            if (++entries_ > most_entries) return "it holds more than 100,000 files";
            if (auto problem = write(one, shown.empty() ? name : shown + "/" + name, to + "/" + name, depth);
                !problem.empty())
                return problem;
        }
        return "";
    }

  private:
    std::string write(const git_tree_entry* one, const std::string& shown, const std::string& to, int depth) {
        switch (git_tree_entry_filemode(one)) {
        case GIT_FILEMODE_TREE: {
            git_tree* read = nullptr;
            if (git_tree_lookup(&read, from_, git_tree_entry_id(one)) != 0) return missing(shown);
            const tree kept{read, git_tree_free};
            return write(read, shown, to, depth + 1);
        }
        case GIT_FILEMODE_BLOB: return write_blob(git_tree_entry_id(one), shown, to, 0644);
        case GIT_FILEMODE_BLOB_EXECUTABLE: return write_blob(git_tree_entry_id(one), shown, to, 0755);
        case GIT_FILEMODE_LINK: return "it holds a link, `" + shown + "`; only regular files are taken";
        case GIT_FILEMODE_COMMIT: return "it holds a submodule, `" + shown + "`; only regular files are taken";
        default: return "it holds `" + shown + "`, which is no regular file";
        }
    }

    std::string write_blob(const git_oid* id, const std::string& shown, const std::string& to, unsigned mode) {
        std::size_t size = 0;
        git_object_t type{};
        if (git_odb_read_header(&size, &type, objects_, id) != 0) return missing(shown);
        bytes_ += static_cast<std::int64_t>(size);
        if (size > static_cast<std::size_t>(most_bytes) || bytes_ > most_bytes) return "it holds more than 512 MiB";
        git_blob* read = nullptr;
        if (git_blob_lookup(&read, from_, id) != 0) return missing(shown);
        const std::unique_ptr<git_blob, void (*)(git_blob*)> blob{read, git_blob_free};
        const int file = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (file < 0)
            return errno == EEXIST ? "it holds `" + shown + "` twice"
                                   : "can't be written: " + std::string{std::strerror(errno)};
        const char* at = static_cast<const char*>(git_blob_rawcontent(read));
        int failed = 0;
        for (std::size_t left = size; left > 0 && failed == 0;) {
            const ssize_t done = ::write(file, at, left);
            if (done < 0 && errno != EINTR) failed = errno;
            if (done > 0) at += done, left -= static_cast<std::size_t>(done);
        }
        if (::close(file) != 0 && failed == 0) failed = errno;
        if (failed == ENOSPC) return "the disk is full";
        return failed == 0 ? "" : "can't be written: " + std::string{std::strerror(failed)};
    }

    static std::string missing(const std::string& shown) { return "`" + shown + "` can't be read from the clone"; }

    git_repository* from_;
    git_odb* objects_;
    int entries_ = 0;
    std::int64_t bytes_ = 0;
};

} // namespace

std::string write_tree(git_repository* from, git_commit* commit, const std::string& part, const std::string& to) {
    git_tree* read = nullptr;
    if (git_commit_tree(&read, commit) != 0) return "its commit has no tree";
    tree whole{read, git_tree_free};
    if (!part.empty()) {
        git_tree_entry* entry = nullptr;
        if (git_tree_entry_bypath(&entry, read, part.c_str()) != 0) return "it has no folder `" + part + "`";
        const std::unique_ptr<git_tree_entry, void (*)(git_tree_entry*)> kept{entry, git_tree_entry_free};
        git_tree* inner = nullptr;
        if (git_tree_entry_type(entry) != GIT_OBJECT_TREE ||
            git_tree_lookup(&inner, from, git_tree_entry_id(entry)) != 0)
            return "`" + part + "` is no folder of it";
        whole.reset(inner);
    }
    git_odb* objects = nullptr;
    if (git_repository_odb(&objects, from) != 0) return "its objects can't be read";
    const std::unique_ptr<git_odb, void (*)(git_odb*)> kept{objects, git_odb_free};
    return writer{from, objects}.write(whole.get(), part, to, 0);
}

} // namespace uk::registry
