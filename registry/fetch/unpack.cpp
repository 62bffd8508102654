#include "registry/fetch/fetch.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"

namespace uk::registry {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t least_cap = std::int64_t{512} << 20;
constexpr std::int64_t most_times = 20;
constexpr std::size_t most_entries = 100'000;
constexpr std::size_t most_depth = 64;
constexpr const char* too_much = "the archive unpacks to too much";

// The path's parts; empty if it isn't one that stays inside.
std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts;
    std::string part;
    for (const char c : path + "/") {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return {};
        if (c != '/') {
            part += c;
            continue;
        }
        if (part == "..") return {};
        if (!part.empty() && part != ".") parts.push_back(part);
        part.clear();
    }
    return path.starts_with('/') || parts.size() > most_depth ? std::vector<std::string>{} : parts;
}

std::string join(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& one : parts) text += (text.empty() ? "" : "/") + one;
    return text;
}

// Where a link inside the archive points, as a path inside it; empty if outside.
std::string target_of(const std::string& link, const std::string& to) {
    if (to.starts_with('/')) return "";
    std::vector<std::string> parts = parts_of(link);
    parts.pop_back();
    std::string part;
    for (const char c : to + "/") {
        if (c != '/') {
            part += c;
            continue;
        }
        if (part == "..") {
            if (parts.empty()) return "";
            parts.pop_back();
        } else if (!part.empty() && part != ".") {
            parts.push_back(part);
        }
        part.clear();
    }
    return join(parts);
}

using reader = std::unique_ptr<struct archive, int (*)(struct archive*)>;

reader make_reader() {
    reader in{archive_read_new(), archive_read_free};
    archive_read_support_format_tar(in.get());
    archive_read_support_format_zip(in.get());
    for (const auto support : {archive_read_support_filter_gzip, archive_read_support_filter_xz,
                               archive_read_support_filter_bzip2, archive_read_support_filter_zstd})
        support(in.get());
    return in;
}

// A Debian package is an `ar` archive of three members; what it installs is the tar archive `data.tar.*`.
bool is_package(const fs::path& file) {
    char magic[8] = {};
    std::ifstream{file, std::ios::binary}.read(magic, sizeof magic);
    return std::memcmp(magic, "!<arch>\n", sizeof magic) == 0;
}

class unpacker {
  public:
    unpacker(fs::path archive, fs::path folder, const std::vector<std::string>& only)
        : archive_{std::move(archive)}, folder_{std::move(folder)} {
        for (const std::string& glob : only) only_.emplace(glob, false);
    }

    std::string run() {
        std::error_code error;
        left_ = std::max(least_cap, static_cast<std::int64_t>(fs::file_size(archive_, error)) * most_times);
        is_package_ = is_package(archive_);
        if (std::string why = is_package_ ? open_package() : open_archive(); !why.empty()) return why;
        for (const auto& [glob, matched] : only_)
            if (!matched) return "nothing in the archive matches " + printable(glob);
        if (entries_.empty()) return "the archive is empty, or isn't a tar or zip archive";
        if (std::string why = follow_links(); !why.empty()) return why;
        return is_package_ ? "" : strip_top();
    }

  private:
    std::string open_archive() {
        const reader in = make_reader();
        if (archive_read_open_filename(in.get(), archive_.c_str(), 1 << 16) != ARCHIVE_OK) return said(in.get());
        return take_all(in.get());
    }

    std::string open_package() {
        const reader outer{archive_read_new(), archive_read_free};
        archive_read_support_format_ar(outer.get());
        if (archive_read_open_filename(outer.get(), archive_.c_str(), 1 << 16) != ARCHIVE_OK) return said(outer.get());
        archive_entry* entry = nullptr;
        int r = ARCHIVE_OK;
        while ((r = archive_read_next_header(outer.get(), &entry)) == ARCHIVE_OK) {
            const char* name = archive_entry_pathname(entry);
            if (name == nullptr || !std::string_view{name}.starts_with("data.tar")) continue;
            const auto read = [](struct archive*, void* from, const void** data) -> la_ssize_t {
                std::size_t size = 0;
                la_int64_t offset = 0;
                const int got = archive_read_data_block(static_cast<struct archive*>(from), data, &size, &offset);
                return got == ARCHIVE_EOF ? 0 : got == ARCHIVE_OK ? static_cast<la_ssize_t>(size) : -1;
            };
            const reader in = make_reader();
            if (archive_read_open(in.get(), outer.get(), nullptr, read, nullptr) != ARCHIVE_OK) return said(in.get());
            return take_all(in.get());
        }
        return r == ARCHIVE_EOF ? "the Debian package has no `data.tar`" : said(outer.get());
    }

    std::string take_all(struct archive* in) {
        archive_entry* entry = nullptr;
        while (true) {
            const int r = archive_read_next_header(in, &entry);
            if (r == ARCHIVE_EOF) return "";
            if (r != ARCHIVE_OK) return said(in);
            if (std::string why = take(in, entry); !why.empty()) return why;
        }
    }

    bool is_wanted(const std::string& path) {
        bool wanted = only_.empty();
        for (auto& [glob, matched] : only_) {
            if (!base::matches_glob(glob, path)) continue;
            matched = wanted = true;
        }
        return wanted;
    }

    static std::string said(struct archive* in) {
        const char* text = archive_error_string(in);
        return std::string{"not a whole tar or zip archive: "} + (text ? text : "damaged");
    }

    static std::string printable(const std::string& path) {
        std::string text;
        for (const char c : path) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
        return "`" + text + "`";
    }

    std::string take(struct archive* in, archive_entry* entry) {
        const char* raw = archive_entry_pathname(entry);
        const std::string name = raw ? raw : "";
        const std::string path = join(parts_of(name));
        if (path.empty()) {
            if (archive_entry_filetype(entry) == AE_IFDIR && (name == "." || name == "./")) return "";
            return "the archive holds a path that leaves it: " + printable(name);
        }
        if (++count_ > most_entries) return "the archive holds more than 100000 entries";
        const auto type = archive_entry_filetype(entry);
        const char* hard = archive_entry_hardlink(entry);
        if (!only_.empty() && (type == AE_IFDIR || !is_wanted(path))) {
            left_ -= archive_entry_size(entry); // passing over it is work, too
            return left_ < 0 ? too_much : "";
        }
        if (type == AE_IFDIR && !hard) {
            if (const auto at = entries_.find(path); at != entries_.end() && at->second != 'd')
                return "the archive holds " + printable(path) + " twice";
            entries_[path] = 'd';
            return make_folder(path);
        }
        if (!entries_.emplace(path, 'f').second) return "the archive holds " + printable(path) + " twice";
        if (const auto slash = path.rfind('/'); slash != std::string::npos) {
            if (std::string why = make_folder(path.substr(0, slash)); !why.empty()) return why;
        }
        if (hard) {
            links_[path] = join(parts_of(hard));
            if (links_[path].empty()) return "the archive holds a link that leaves it: " + printable(path);
            return "";
        }
        if (type == AE_IFLNK) {
            const char* to = archive_entry_symlink(entry);
            links_[path] = target_of(path, to ? to : "");
            if (links_[path].empty()) return "the archive holds a link that leaves it: " + printable(path);
            return "";
        }
        if (type != AE_IFREG) return "the archive holds a device or pipe: " + printable(path);
        if (archive_entry_size_is_set(entry) && archive_entry_size(entry) > left_) return too_much;
        return write(in, path, (archive_entry_perm(entry) & 0100) != 0);
    }

    std::string make_folder(const std::string& path) {
        std::string so_far;
        for (const std::string& part : parts_of(path)) {
            so_far += (so_far.empty() ? "" : "/") + part;
            const auto at = entries_.find(so_far);
            if (at != entries_.end() && at->second != 'd')
                return "the archive holds " + printable(so_far) + " as a file and as a folder";
            entries_[so_far] = 'd';
            if (::mkdir((folder_ / so_far).c_str(), 0755) != 0 && errno != EEXIST)
                return "can't make a folder: " + printable(so_far);
        }
        return "";
    }

    std::string write(struct archive* in, const std::string& path, bool executable) {
        const int out = ::open((folder_ / path).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        if (out < 0) return "can't write " + printable(path);
        std::string why;
        std::int64_t end = 0; // holes count as well: copying and hashing reads them
        while (why.empty()) {
            const void* data;
            std::size_t size;
            la_int64_t offset;
            const int r = archive_read_data_block(in, &data, &size, &offset);
            if (r == ARCHIVE_EOF) break;
            if (r != ARCHIVE_OK) why = said(in);
            else if (offset < end || offset > left_ || static_cast<std::int64_t>(size) > left_ - offset) why = too_much;
            else if (::pwrite(out, data, size, offset) != static_cast<ssize_t>(size)) why = "the disk is full";
            else end = offset + static_cast<std::int64_t>(size);
        }
        if (why.empty() && ::ftruncate(out, end) != 0) why = "the disk is full";
        left_ -= end;
        ::fchmod(out, executable ? 0755 : 0644);
        ::close(out);
        return why;
    }

    // Links become copies of the files that they mean; links to folders are refused.
    std::string follow_links() {
        for (const auto& [path, first] : links_) {
            std::string to = first;
            for (int i = 0; links_.contains(to); ++i) {
                if (i > 40) return "the archive holds a circle of links: " + printable(path);
                to = links_[to];
            }
            const auto at = entries_.find(to);
            std::error_code error;
            const bool was_there = is_package_ && fs::is_regular_file(fs::symlink_status(folder_ / to, error));
            if (at == entries_.end() && !was_there) return "the archive holds a link to nothing: " + printable(path);
            if (at != entries_.end() && at->second == 'd')
                return "the archive holds a link to a folder: " + printable(path);
            left_ -= static_cast<std::int64_t>(fs::file_size(folder_ / to, error));
            if (left_ < 0) return too_much;
            fs::copy_file(folder_ / to, folder_ / path, error);
            if (error) return "can't write " + printable(path);
        }
        return "";
    }

    std::string strip_top() {
        std::set<std::string> tops;
        for (const auto& [path, type] : entries_) tops.insert(path.substr(0, path.find('/')));
        if (tops.size() != 1 || entries_[*tops.begin()] != 'd') return "";
        std::error_code error;
        const fs::path top = folder_ / (*tops.begin()), aside = folder_ / ".top";
        fs::rename(top, aside, error);
        for (const auto& entry : fs::directory_iterator{aside, error})
            fs::rename(entry.path(), folder_ / entry.path().filename(), error);
        fs::remove(aside, error);
        return error ? "can't arrange the unpacked files" : "";
    }

    fs::path archive_, folder_;
    bool is_package_ = false;
    std::map<std::string, bool> only_; ///< glob → has it matched?
    std::int64_t left_ = 0;
    std::size_t count_ = 0;
    std::map<std::string, char> entries_; ///< path → d or f
    std::map<std::string, std::string> links_;
};

} // namespace

std::string unpack(const std::string& archive, const std::string& folder, const std::vector<std::string>& only) {
    return unpacker{archive, folder, only}.run();
}

} // namespace uk::registry
