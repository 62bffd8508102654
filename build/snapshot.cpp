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
constexpr std::string_view unsure = ".?"; // behind what a file is like: it isn't like that any more, whatever it is

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
        is_folder_ = S_ISDIR(s.st_mode);
        add(s.st_mode);
        add(is_folder_ ? 0 : static_cast<std::uint64_t>(s.st_size));
        add(s.st_dev);
        add(s.st_ino);
        add(static_cast<std::uint64_t>(nanoseconds(s.st_mtim)));
        add(static_cast<std::uint64_t>(nanoseconds(s.st_ctim)));
    }
    look(const look&) = delete;
    look& operator=(const look&) = delete;

    std::string_view text() const { return {text_.data(), end_}; }
    std::int64_t changed() const { return changed_; }
    bool is_folder() const { return is_folder_; }

  private:
    void add(std::uint64_t number) {
        if (end_ != text_.data()) *end_++ = '.';
        end_ = std::to_chars(end_, text_.data() + text_.size(), number, 16).ptr;
    }

    std::array<char, 6 * 17> text_;
    char* end_ = text_.data();
    std::int64_t changed_ = 0;
    bool is_folder_ = false;
};

// Both there, and with the same mode.
bool is_same_kind(std::string_view now, std::string_view before) {
    return now != "-" && before != "-" && now.substr(0, now.find('.')) == before.substr(0, before.find('.'));
}

// What lies in a folder, by what the snapshot says of it.
bool has_same_names(std::string_view snapshot, const std::string& folder) {
    std::vector<std::string_view> before;
    for (const std::string_view line : base::split(snapshot, '\n')) {
        const auto space = line.find(' ');
        if (space == std::string_view::npos || line.front() == '=') continue;
        const std::string_view path = line.substr(space + 1);
        if (path.size() > folder.size() + 1 && path.starts_with(folder) && path[folder.size()] == '/' &&
            path.find('/', folder.size() + 1) == std::string_view::npos)
            before.push_back(path.substr(folder.size() + 1));
    }
    std::vector<std::string> now;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{folder, error}) now.push_back(entry.path().filename());
    std::ranges::sort(now);
    std::ranges::sort(before);
    return !error && std::ranges::equal(now, before);
}

void add_input(std::string& text, const char* path, std::int64_t began) {
    const look now{path};
    text.append(now.text());
    // A later change is stamped with this tick of the clock or a later one.
    if (now.changed() >= began) text.append(unsure);
    text.append(" ").append(path).append("\n");
}

void add_output(std::string& text, const char* path) {
    // Somebody else's change within the same tick would not show.
    if (const auto young = look{path}.changed() + tick - file_clock(); young > 0 && young <= 2 * tick)
        std::this_thread::sleep_for(std::chrono::nanoseconds{young});
    text.append(look{path}.text()).append(" ").append(path).append("\n");
}

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
        add_input(text, path.c_str(), began);
    }
    for (const fs::path& path : all.outputs) add_output(text, path.c_str());
    for (const auto& [where, digest] : all.names)
        text += fmt::format("={} {}\t{}\n", digest, where.first.string(), where.second);
    return text;
}

std::string renewed(std::string_view snapshot, const std::vector<std::size_t>& lines, std::size_t first_output,
                    std::int64_t began) {
    std::string text, path;
    text.reserve(snapshot.size() + 1000);
    auto next = lines.begin();
    std::size_t index = 0;
    for (const std::string_view line : base::split(snapshot, '\n')) {
        if (line.empty()) continue;
        const bool is_changed = next != lines.end() && *next == index;
        if (is_changed) ++next;
        const bool is_output = index++ >= first_output && !line.starts_with('=');
        path = line.substr(line.find(' ') + 1);
        if (is_output) add_output(text, path.c_str());
        else if (!is_changed) text.append(line).append("\n");
        else add_input(text, path.c_str(), began);
    }
    return text;
}

std::optional<std::vector<std::size_t>> changed_lines(std::string_view snapshot) {
    if (snapshot.empty()) return std::nullopt;
    std::vector<std::size_t> changed;
    std::size_t index = 0;
    std::string path;
    for (const std::string_view line : base::split(snapshot, '\n')) {
        if (line.empty()) continue;
        const auto space = line.find(' '), tab = line.rfind('\t');
        if (line.front() == '=' && space != std::string_view::npos && tab != std::string_view::npos) {
            const std::string folder{line.substr(space + 1, tab - space - 1)};
            if (names_in(folder, std::string{line.substr(tab + 1)}) != line.substr(1, space - 1)) return std::nullopt;
        } else {
            if (space == std::string_view::npos) return std::nullopt;
            path = line.substr(space + 1);
            const look now{path.c_str()};
            if (now.text() != line.substr(0, space)) {
                if (!is_same_kind(now.text(), line.substr(0, space))) return std::nullopt;
                if (now.is_folder() && !has_same_names(snapshot, path)) return std::nullopt;
                changed.push_back(index);
            }
        }
        ++index;
    }
    return changed;
}

bool still_holds(std::string_view snapshot) {
    const auto changed = changed_lines(snapshot);
    return changed && changed->empty();
}

} // namespace uk::build
