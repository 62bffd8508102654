#include "build/snapshot.hpp"

#include <ctime>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/text.hpp"

namespace uk::build {

namespace {

constexpr std::int64_t second = 1'000'000'000;

std::int64_t nanoseconds(const timespec& t) { return t.tv_sec * second + t.tv_nsec; }

// `-` where there is nothing.
std::string describe(const char* path, std::int64_t* changed = nullptr) {
    struct stat s;
    if (fstatat(AT_FDCWD, path, &s, AT_SYMLINK_NOFOLLOW) != 0) return "-";
    if (changed) *changed = std::max(nanoseconds(s.st_mtim), nanoseconds(s.st_ctim));
    return fmt::format("{:x}.{:x}.{:x}.{:x}.{:x}.{:x}", s.st_mode, S_ISDIR(s.st_mode) ? 0 : s.st_size, s.st_dev,
                       s.st_ino, nanoseconds(s.st_mtim), nanoseconds(s.st_ctim));
}

} // namespace

std::string take_snapshot(const std::set<std::filesystem::path>& paths) {
    timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    std::string text;
    for (const std::filesystem::path& path : paths) {
        std::int64_t changed = 0;
        text += describe(path.c_str(), &changed) + " " + path.string() + "\n";
        // The clock of a file system ticks every few milliseconds: a change within the same tick would not show.
        if (changed + second / 50 > nanoseconds(now)) return "";
    }
    return text;
}

bool still_holds(std::string_view snapshot) {
    if (snapshot.empty()) return false;
    for (const std::string_view line : base::split(snapshot, '\n')) {
        if (line.empty()) continue;
        const auto space = line.find(' ');
        if (space == std::string_view::npos ||
            describe(std::string{line.substr(space + 1)}.c_str()) != line.substr(0, space))
            return false;
    }
    return true;
}

} // namespace uk::build
