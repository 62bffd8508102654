#include "build/snapshot.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace uk::build {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t second = 1'000'000'000;
// The clock of a file system ticks every few milliseconds.
constexpr std::int64_t tick = second / 50;

std::int64_t nanoseconds(const timespec& t) { return t.tv_sec * second + t.tv_nsec; }

// What a file is like now, as six numbers in hexadecimal; `-` where there is nothing. Compared for each file of a project, so it allocates nothing.
class look {
  public:
    explicit look(const char* path) {
        struct stat s;
        if (fstatat(AT_FDCWD, path, &s, AT_SYMLINK_NOFOLLOW) != 0) {
            *end_++ = '-';
            return;
        }
        changed_ = std::max(nanoseconds(s.st_mtim), nanoseconds(s.st_ctim));
        add(s.st_mode);
        add(S_ISDIR(s.st_mode) ? 0 : static_cast<std::uint64_t>(s.st_size));
        add(s.st_dev);
        add(s.st_ino);
        add(static_cast<std::uint64_t>(nanoseconds(s.st_mtim)));
        add(static_cast<std::uint64_t>(nanoseconds(s.st_ctim)));
    }
    look(const look&) = delete;
    look& operator=(const look&) = delete;

    std::string_view text() const { return {text_.data(), end_}; }
    std::int64_t changed() const { return changed_; }

  private:
    void add(std::uint64_t number) {
        if (end_ != text_.data()) *end_++ = '.';
        end_ = std::to_chars(end_, text_.data() + text_.size(), number, 16).ptr;
    }

    std::array<char, 6 * 17> text_;
    char* end_ = text_.data();
    std::int64_t changed_ = 0;
};

} // namespace

std::string names_in(const fs::path& folder, const std::string& pattern) {
    std::vector<std::string> names;
    std::error_code ignored;
    if (pattern.empty()) {
        for (const auto& entry : fs::directory_iterator{folder, ignored}) {
            const std::string name = entry.path().filename().string();
            if (!name.starts_with('.') && name != "compile_commands.json" && entry.is_regular_file(ignored))
                names.push_back(name);
        }
    } else {
        for (const auto& entry : fs::recursive_directory_iterator{folder, ignored}) {
            const std::string name = entry.path().lexically_relative(folder).string();
            if (base::matches_glob(pattern, name) && entry.is_regular_file(ignored)) names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return base::digest_of(base::join(names, "\n")).hash.hex();
}

std::int64_t file_clock() {
    timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return nanoseconds(now);
}

std::string take_snapshot(const watched& all, std::int64_t began) {
    std::string text;
    for (const fs::path& path : all.inputs) {
        const look now{path.c_str()};
        text.append(now.text()).append(" ").append(path.native()).append("\n");
        // A later change is stamped with this tick of the clock or a later one.
        if (now.changed() >= began) return "";
    }
    for (const fs::path& path : all.outputs) {
        // Somebody else's change within the same tick would not show.
        if (const auto young = look{path.c_str()}.changed() + tick - file_clock(); young > 0 && young <= 2 * tick)
            std::this_thread::sleep_for(std::chrono::nanoseconds{young});
        text.append(look{path.c_str()}.text()).append(" ").append(path.native()).append("\n");
    }
    for (const auto& [where, digest] : all.names)
        text += fmt::format("={} {}\t{}\n", digest, where.first.string(), where.second);
    return text;
}

bool still_holds(std::string_view snapshot) {
    if (snapshot.empty()) return false;
    std::string path;
    for (const std::string_view line : base::split(snapshot, '\n')) {
        if (line.empty()) continue;
        const auto space = line.find(' '), tab = line.rfind('\t');
        if (line.front() == '=' && space != std::string_view::npos && tab != std::string_view::npos) {
            const std::string folder{line.substr(space + 1, tab - space - 1)};
            if (names_in(folder, std::string{line.substr(tab + 1)}) != line.substr(1, space - 1)) return false;
            continue;
        }
        if (space == std::string_view::npos) return false;
        path = line.substr(space + 1);
        if (look{path.c_str()}.text() != line.substr(0, space)) return false;
    }
    return true;
}

} // namespace uk::build
