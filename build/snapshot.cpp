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

// One line: `LOOK PATH`, or `=NAMES FOLDER` and a tab and a pattern.
struct line {
    bool is_of_names;
    std::string_view text; ///< all of it
    std::string_view said, path, pattern; ///< no path: it is damaged

    explicit line(std::string_view whole) : is_of_names{whole.starts_with('=')}, text{whole} {
        const auto space = text.find(' '), tab = is_of_names ? text.rfind('\t') : text.size();
        if (space == text.npos || tab == text.npos || tab < space) return;
        said = text.substr(is_of_names ? 1 : 0, space - (is_of_names ? 1 : 0));
        path = text.substr(space + 1, tab - space - 1);
        if (is_of_names) pattern = text.substr(tab + 1);
    }
};

std::vector<line> lines_of(std::string_view snapshot) {
    std::vector<line> all;
    for (const std::string_view text : base::split(snapshot, '\n')) {
        if (!text.empty()) all.emplace_back(text);
    }
    return all;
}

// What lies in a folder, by what the snapshot says of it.
bool has_same_names(const std::vector<line>& snapshot, const std::string& folder) {
    std::vector<std::string_view> before;
    for (const line& one : snapshot) {
        if (one.is_of_names || one.path == folder || !base::lies_in(one.path, folder)) continue;
        const std::string_view name = one.path.substr(folder.size() + 1);
        if (!name.contains('/')) before.push_back(name);
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
    for (const line& one : lines_of(snapshot)) {
        const bool is_changed = next != lines.end() && *next == index;
        if (is_changed) ++next;
        path = one.path;
        if (index++ >= first_output && !one.is_of_names) add_output(text, path.c_str());
        else if (!is_changed) text.append(one.text).append("\n");
        else add_input(text, path.c_str(), began);
    }
    return text;
}

std::optional<std::vector<std::size_t>> changed_lines(std::string_view snapshot) {
    if (snapshot.empty()) return std::nullopt;
    const std::vector<line> lines = lines_of(snapshot);
    std::vector<std::size_t> changed;
    std::string path;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const line& before = lines[i];
        if (before.path.empty()) return std::nullopt;
        path = before.path;
        if (before.is_of_names) {
            if (names_in(path, std::string{before.pattern}) != before.said) return std::nullopt;
            continue;
        }
        const look now{path.c_str()};
        if (now.text() == before.said) continue;
        if (!is_same_kind(now.text(), before.said)) return std::nullopt;
        if (now.is_folder() && !has_same_names(lines, path)) return std::nullopt;
        changed.push_back(i);
    }
    return changed;
}

bool still_holds(std::string_view snapshot) {
    const auto changed = changed_lines(snapshot);
    return changed && changed->empty();
}

} // namespace uk::build
