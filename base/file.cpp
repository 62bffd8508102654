#include "base/file.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/disk.hpp"
#include "base/process.hpp"

namespace uk::base {

namespace {

error system_error(const fs::path& path, std::string_view doing, int reason) {
    return fail(status::environment, {.file = path.string()}, "can't {}: {}", doing, std::strerror(reason))
        .hint(disk_hint(reason));
}

} // namespace

error cannot_write(const fs::path& what, int reason) { return system_error(what, "be written", reason); }

result<std::string> read_file(const fs::path& file, std::size_t limit) {
    // Non-blocking, so that opening a fifo can't wait for a writer.
    const descriptor from{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (from.number() < 0 && (errno == ENOENT || errno == ENOTDIR))
        return fail(status::input, {.file = file.string()}, "there is no such file");
    if (from.number() < 0) return system_error(file, "open the file", errno);
    struct stat about{};
    if (::fstat(from.number(), &about) != 0) return system_error(file, "read the file", errno);
    if (S_ISDIR(about.st_mode)) return fail(status::input, {.file = file.string()}, "this is a folder, not a file");
    if (!S_ISREG(about.st_mode)) return fail(status::input, {.file = file.string()}, "this is not a regular file");
    const auto too_large = [&] {
        return fail(status::input, {.file = file.string()}, "the file is larger than {} bytes", limit);
    };
    if (static_cast<std::uintmax_t>(about.st_size) > limit) return too_large();

    std::string content;
    // One more, to see the end at once; not filled with zeroes before.
    content.resize_and_overwrite(static_cast<std::size_t>(about.st_size) + 1,
                                 [](char*, std::size_t size) { return size; });
    std::size_t used = 0;
    while (true) {
        if (used == content.size()) content.resize(content.size() * 2);
        const auto count = ::read(from.number(), content.data() + used, content.size() - used);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error(file, "read the file", errno);
        if (count == 0) break;
        used += static_cast<std::size_t>(count);
        if (used > limit) return too_large();
    }
    content.resize(used);
    return content;
}

namespace {

// What processes that were killed left when they wrote the same file: whoever lives holds a lock on its own.
void sweep_beside(const fs::path& file) {
    const std::string begin = "." + file.filename().string() + ".";
    const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{folder, ignored}) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(begin) || !name.ends_with(".tmp") || name.size() < begin.size() + 4) continue;
        const auto number = name.substr(begin.size(), name.size() - begin.size() - 4);
        if (number.empty() || number.find_first_not_of("0123456789-") != number.npos) continue; // none of ours
        const descriptor old{::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
        if (old.is_open() && ::flock(old.number(), LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
    }
}

// Locks a file that was just made. False: somebody swept it away in between.
bool hold(const descriptor& made) {
    struct stat about{};
    if (::flock(made.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    return ::fstat(made.number(), &about) == 0 && about.st_nlink > 0;
}

} // namespace

result<void> write_file(const fs::path& file, std::string_view content, bool executable) {
    static std::atomic<unsigned> counter{0};
    sweep_beside(file);
    fs::path beside;
    descriptor to; // stays open, and with it locked, until the file has its name
    do {
        beside = file.parent_path() / fmt::format(".{}.{}-{}.tmp", file.filename().string(), ::getpid(), counter++);
        // O_EXCL, never through a link that somebody put there; the mode is cut by the umask.
        ::unlink(beside.c_str());
        to = descriptor{
            ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, executable ? 0777 : 0666)};
        if (to.number() < 0) return system_error(file, "write the file", errno);
    } while (!hold(to));
    int reason = write_all(to.number(), content);
    if (reason == 0 && ::fdatasync(to.number()) != 0) reason = errno;
    if (reason == 0 && ::rename(beside.c_str(), file.c_str()) != 0) reason = errno;
    if (reason == 0) return {};
    ::unlink(beside.c_str());
    return system_error(file, "write the file", reason);
}

result<void> make_folders(const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (!problem && !fs::is_directory(folder, problem)) return system_error(folder, "make the folder", ENOTDIR);
    if (problem) return system_error(folder, "make the folder", problem.value());
    return {};
}

result<void> remove_tree(const fs::path& folder) {
    std::error_code problem;
    fs::remove_all(folder, problem);
    if (!problem) return {};
    // A read-only folder inside: open all of them (never through a link) and try once more.
    std::error_code walking;
    if (fs::symlink_status(folder, walking).type() == fs::file_type::directory) {
        ::chmod(folder.c_str(), 0700);
        for (fs::recursive_directory_iterator at{folder, walking}, end; !walking && at != end; at.increment(walking))
            if (at->symlink_status(walking).type() == fs::file_type::directory) ::chmod(at->path().c_str(), 0700);
    }
    fs::remove_all(folder, problem);
    if (problem) return system_error(folder, "remove the folder", problem.value());
    return {};
}

result<scratch_folder> scratch_folder::make(const fs::path& parent) {
    auto name = (parent / "tmp-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return system_error(parent, "make a folder in it", errno);
    return scratch_folder{fs::path{name}};
}

scratch_folder::scratch_folder(scratch_folder&& other) noexcept : path_{std::move(other.path_)} { other.path_.clear(); }

scratch_folder& scratch_folder::operator=(scratch_folder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

scratch_folder::~scratch_folder() {
    if (!path_.empty()) static_cast<void>(remove_tree(path_).has_value());
}

result<std::vector<std::string>> list_files(const fs::path& folder) {
    std::vector<std::string> found;
    std::error_code problem;
    const auto base_length = folder.string().size() + (folder.string().ends_with('/') ? 0 : 1);
    if (!fs::is_directory(folder, problem))
        return fail(status::input, {.file = folder.string()}, "there is no such folder");
    for (fs::recursive_directory_iterator at{folder, problem}, end; !problem && at != end; at.increment(problem)) {
        const auto type = at->symlink_status(problem).type();
        if (problem) break;
        if (type == fs::file_type::directory) continue;
        if (type == fs::file_type::symlink)
            return fail(status::input, {.file = at->path().string()},
                        "a symbolic link, where only files and folders may be");
        if (type != fs::file_type::regular)
            return fail(status::input, {.file = at->path().string()},
                        "a special file, where only files and folders may be");
        found.push_back(at->path().string().substr(base_length));
    }
    if (problem) return system_error(folder, "read the folder", problem.value());
    std::sort(found.begin(), found.end());
    return found;
}

void mark_used(const fs::path& file, std::int64_t modified_seconds) {
    constexpr std::int64_t hour = 3600;
    timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (modified_seconds + hour < now.tv_sec) ::utimensat(AT_FDCWD, file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

void mark_used(const fs::path& file) {
    struct stat about;
    if (::lstat(file.c_str(), &about) == 0) mark_used(file, about.st_mtim.tv_sec);
}

result<file_lock> file_lock::take(const fs::path& file) { return wait(file, LOCK_EX); }
result<file_lock> file_lock::share(const fs::path& file) { return wait(file, LOCK_SH); }

result<std::optional<file_lock>> file_lock::try_to_take(const fs::path& file) {
    auto held = wait(file, LOCK_EX | LOCK_NB);
    if (!held) return held.error();
    return held->descriptor_ < 0 ? std::nullopt : std::optional{*std::move(held)};
}

result<file_lock> file_lock::wait(const fs::path& file, int how) {
    const int number = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (number < 0) return system_error(file, "open the lock file", errno);
    file_lock held{number};
    while (::flock(number, how) != 0) {
        if (errno == EWOULDBLOCK) return file_lock{-1};
        if (errno != EINTR) return system_error(file, "lock the file", errno);
        if (is_interrupted()) return error{status::interrupted, "interrupted"};
    }
    return held;
}

file_lock::file_lock(file_lock&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)} {}

file_lock& file_lock::operator=(file_lock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

file_lock::~file_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

} // namespace uk::base
