#include "build/store.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/disk.hpp"
#include "base/file.hpp"
#include "build/host_folder.hpp"
#include "build/store_index.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::digest;
using base::fail;
using base::result;
using base::sha256;
using base::status;

result<fs::path> home_folder() {
    const auto from = [](const char* variable) -> std::string {
        const char* value = std::getenv(variable);
        return value ? value : "";
    };
    if (const std::string home = from("UK_HOME"); !home.empty()) return fs::absolute(home);
    if (const std::string cache = from("XDG_CACHE_HOME"); !cache.empty()) return fs::path{cache} / "uk";
    if (const std::string home = from("HOME"); !home.empty()) return fs::path{home} / ".cache/uk";
    return base::error{status::environment,
                       "there is no folder for uk's state: neither UK_HOME nor XDG_CACHE_HOME nor HOME is set",
                       {},
                       "set UK_HOME to a folder of yours"};
}

namespace {

base::error system_error(const fs::path& what, std::string_view doing, int code = errno) {
    return fail(status::environment, {what.string(), 0, 0}, "{} failed: {}", doing, std::strerror(code))
        .hint(base::disk_hint(code));
}

// An action's result as text: `hash size x path` for each file, an empty line, what it said.
std::string encode(const action_result& r) {
    std::string text;
    for (const auto& [path, file] : r.files)
        text += fmt::format("{} {} {} {}\n", file.blob.hash.hex(), file.blob.size, file.executable ? 'x' : '-', path);
    return text + "\n" + r.standard_error;
}

std::optional<action_result> decode(std::string_view text) {
    action_result r;
    while (true) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (line.empty()) break;
        if (line.size() < 70) return std::nullopt;
        const auto hash = sha256::from_hex(line.substr(0, 64));
        action_result::file file;
        const auto [rest, problem] = std::from_chars(line.data() + 65, line.data() + line.size(), file.blob.size);
        const auto space = static_cast<std::size_t>(rest - line.data());
        if (!hash || problem != std::errc{} || space + 3 >= line.size()) return std::nullopt;
        file.blob.hash = *hash;
        file.executable = line[space + 1] == 'x';
        r.files.emplace(line.substr(space + 3), file);
    }
    r.standard_error = text;
    return r;
}

// What a process that was killed left behind: whoever lives holds a lock on its folder. `folder` itself is locked.
void sweep(const fs::path& folder) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{folder, ignored}) {
        const base::descriptor one{::open(entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)};
        if (one.is_open() && ::flock(one.number(), LOCK_EX | LOCK_NB) != 0) continue;
        if (auto gone = base::remove_tree(entry.path()); !gone) continue;
    }
}

} // namespace

struct store::state {
    fs::path home;
    std::optional<store_index> index;
    std::mutex guard;                                   // of what follows, and of the index
    index_rows rows;                                    // not written yet
    std::map<sha256, action_result> actions;            // the same actions
    std::vector<sha256> unsynced;                       // blobs that those may speak of
    fs::path own;                                       // scratch folder
    base::descriptor own_lock;
    std::optional<base::file_lock> held;
    unsigned counter = 0;

    result<fs::path> scratch() {
        if (!own.empty()) return own;
        const fs::path all = home / "tmp";
        const base::descriptor lock{::open(all.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (!lock.is_open() || ::flock(lock.number(), LOCK_EX) != 0) return system_error(all, "locking the folder");
        sweep(all);
        std::string name = all / "XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) return system_error(all, "making a folder in it");
        own_lock = base::descriptor{::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (!own_lock.is_open() || ::flock(own_lock.number(), LOCK_EX) != 0)
            return system_error(name, "locking the folder");
        return own = name;
    }

    result<fs::path> temporary() {
        const std::scoped_lock lock{guard};
        const fs::path folder = TRY(scratch());
        return folder / std::to_string(counter++);
    }

    ~state() {
        if (own.empty()) return;
        if (auto gone = base::remove_tree(own); !gone) own.clear(); // the next process will
    }
};

store::store(std::unique_ptr<state> s) : state_{std::move(s)} {}
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;
store::~store() {
    if (state_) static_cast<void>(flush().has_value());
}

result<store> store::open(const fs::path& home) {
    auto s = std::make_unique<state>();
    s->home = fs::absolute(home);
    for (const char* folder : {"cas", "tmp", "sources", "quarantine"}) {
        struct stat about;
        const fs::path path = s->home / folder;
        if (::stat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) CHECK(base::make_folders(path));
    }
    std::error_code ignored;
    if (!fs::is_empty(s->home / "tmp", ignored)) {
        const base::descriptor lock{::open((s->home / "tmp").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (lock.is_open() && ::flock(lock.number(), LOCK_EX | LOCK_NB) == 0) sweep(s->home / "tmp");
    }
    s->index = TRY(store_index::open(s->home));
    return store{std::move(s)};
}

const fs::path& store::home() const { return state_->home; }

result<void> store::hold() {
    const std::scoped_lock lock{state_->guard};
    if (!state_->held) state_->held = TRY(base::file_lock::share(state_->home / "in-use"));
    return {};
}

result<std::optional<base::file_lock>> store::hold_alone(patience how) {
    const std::scoped_lock lock{state_->guard};
    state_->held.reset();
    const fs::path file = state_->home / "in-use";
    if (how == patience::none) return base::file_lock::try_to_take(file);
    return std::optional{TRY(base::file_lock::take(file))};
}

result<void> store::tidy_index() {
    const std::scoped_lock lock{state_->guard};
    const auto is_here = [&](const sha256& blob) {
        std::error_code ignored;
        return fs::exists(path_of(blob), ignored);
    };
    return state_->index->tidy({.has_blob = is_here, .is_whole = [&](std::string_view row) {
                                    const auto result = decode(row);
                                    return result && std::ranges::all_of(result->files, [&](const auto& each) {
                                               return is_here(each.second.blob.hash);
                                           });
                                }});
}

result<fs::path> store::scratch() {
    const std::scoped_lock lock{state_->guard};
    return state_->scratch();
}

fs::path store::path_of(const sha256& hash) const {
    const std::string hex = hash.hex();
    return state_->home / "cas" / hex.substr(0, 2) / hex;
}

bool store::has(const digest& blob) const {
    struct stat s;
    const fs::path file = path_of(blob.hash);
    if (::stat(file.c_str(), &s) != 0 || s.st_size != blob.size || !S_ISREG(s.st_mode)) return false;
    base::mark_used(file, s.st_mtim.tv_sec);
    return true;
}

result<digest> store::put(std::string_view content) {
    const digest d = base::digest_of(content);
    if (has(d)) return d;
    const fs::path to = path_of(d.hash), temporary = TRY(state_->temporary());
    int code = 0;
    {
        const base::descriptor file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
        if (!file.is_open()) return system_error(temporary, "making a file of the store");
        code = base::write_all(file.number(), content);
        if (code == 0 && ::fchmod(file.number(), 0444) != 0) code = errno;
        // The disk may begin at once; `flush` waits for it.
        if (code == 0) ::sync_file_range(file.number(), 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    if (code == 0 && ::rename(temporary.c_str(), to.c_str()) != 0) {
        code = errno;
        if (code == ENOENT) {
            code = ::mkdir(to.parent_path().c_str(), 0777) == 0 || errno == EEXIST ? 0 : errno;
            if (code == 0 && ::rename(temporary.c_str(), to.c_str()) != 0) code = errno;
        }
    }
    if (code != 0) {
        ::unlink(temporary.c_str());
        return system_error(to, "writing a file of the store", code);
    }
    const std::scoped_lock lock{state_->guard};
    state_->unsynced.push_back(d.hash);
    return d;
}

result<digest> store::put_open_file(int file) {
    struct stat about;
    if (::fstat(file, &about) != 0) return system_error("an output", "reading");
    std::string content(static_cast<std::size_t>(about.st_size), '\0');
    std::size_t used = 0;
    while (used < content.size()) {
        const auto count = ::pread(file, content.data() + used, content.size() - used, static_cast<off_t>(used));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("an output", "reading");
        if (count == 0) break;
        used += static_cast<std::size_t>(count);
    }
    content.resize(used);
    return put(content);
}

result<std::string> store::get(const digest& blob) {
    const fs::path from = path_of(blob.hash);
    auto content = base::read_file(from);
    if (!content) {
        if (content.error().kind() == status::environment) return content;
        return fail(status::source, {from.string(), 0, 0}, "a file of the store is gone")
            .hint("run the command again: it is made anew");
    }
    if (base::digest_of(*content) == blob) return content;
    std::error_code problem;
    fs::rename(from, state_->home / "quarantine" / blob.hash.hex(), problem);
    if (problem) fs::remove(from, problem);
    return fail(status::source, {from.string(), 0, 0},
                "a file of the store isn't what its name says; it was set aside in quarantine/")
        .hint("run the command again: it is made anew");
}

result<void> store::restore(const digest& blob, const fs::path& to, bool executable) {
    const std::string content = TRY(get(blob));
    CHECK(base::make_folders(to.parent_path()));
    return base::write_file(to, content, executable);
}

std::optional<action_result> store::find_action(const sha256& action) {
    std::optional<action_result> found;
    {
        const std::scoped_lock lock{state_->guard};
        if (const auto at = state_->actions.find(action); at != state_->actions.end()) found = at->second;
        else if (const auto text = state_->index->find_action(action)) found = decode(*text);
    }
    if (!found) return found;
    for (const auto& [path, file] : found->files) {
        if (!has(file.blob)) return std::nullopt;
    }
    return found;
}

result<void> store::put_action(const sha256& action, const action_result& result) {
    const std::scoped_lock lock{state_->guard};
    state_->rows.actions[action] = encode(result);
    state_->actions[action] = result;
    return {};
}

result<void> store::put_log(const action_log& log, std::string preimage) {
    const std::scoped_lock lock{state_->guard};
    state_->rows.logs[log.key] = {log, std::move(preimage)};
    return {};
}

std::optional<action_log> store::find_log(std::string_view digits) {
    const std::scoped_lock lock{state_->guard};
    return state_->index->find_log(digits);
}

std::optional<action_log> store::find_last_log(std::string_view project, std::string_view name) {
    const std::scoped_lock lock{state_->guard};
    return state_->index->find_last_log(project, name);
}

std::optional<action_log> store::find_last_log_of_any_variant(std::string_view project, std::string_view name) {
    const std::scoped_lock lock{state_->guard};
    return state_->index->find_last_log_of_any_variant(project, name);
}

std::vector<action_log> store::find_last_logs(std::string_view project) {
    const std::scoped_lock lock{state_->guard};
    return state_->index->find_last_logs(project);
}

std::string store::find_preimage(const sha256& key) {
    const std::scoped_lock lock{state_->guard};
    return state_->index->find_preimage(key);
}

void store::put_listing(const sha256& tree, std::string_view files) {
    const std::scoped_lock lock{state_->guard};
    state_->rows.listings.try_emplace(tree, files);
}

std::optional<std::string> store::find_listing(const sha256& tree) {
    const std::scoped_lock lock{state_->guard};
    if (const auto at = state_->rows.listings.find(tree); at != state_->rows.listings.end()) return at->second;
    return state_->index->find_listing(tree);
}

std::string store::find_reads(const sha256& frame) {
    const std::scoped_lock lock{state_->guard};
    if (const auto at = state_->rows.reads.find(frame); at != state_->rows.reads.end()) return at->second;
    return state_->index->find_reads(frame);
}

void store::put_reads(const sha256& frame, std::string text) {
    const std::scoped_lock lock{state_->guard};
    state_->rows.reads[frame] = std::move(text);
}

result<void> store::flush() {
    const std::scoped_lock lock{state_->guard};
    // Blobs first, then the rows that speak of them. One that is gone by now is a miss later.
    if (!state_->rows.actions.empty() || !state_->rows.logs.empty()) {
        for (const sha256& blob : state_->unsynced) {
            const base::descriptor file{::open(path_of(blob).c_str(), O_RDONLY | O_CLOEXEC)};
            if (file.is_open() && ::fdatasync(file.number()) != 0)
                return system_error(path_of(blob), "writing the store to disk");
        }
        state_->unsynced.clear();
    }
    CHECK(state_->index->write(state_->rows));
    state_->rows = {};
    state_->actions.clear();
    return {};
}

result<digest> store::digest_of_host_file(const fs::path& file) {
    struct stat s;
    if (::stat(file.c_str(), &s) != 0)
        return fail(status::input, {file.string(), 0, 0}, "can't be read: {}", std::strerror(errno));
    if (!S_ISREG(s.st_mode)) return fail(status::input, {file.string(), 0, 0}, "is no regular file");
    for (int attempt = 0; attempt < 10; ++attempt) {
        const file_stamp now = stamp_of(s);
        {
            const std::scoped_lock lock{state_->guard};
            if (const auto at = state_->rows.stamps.find(file.native());
                at != state_->rows.stamps.end() && at->second.first == now)
                return at->second.second;
            if (const auto known = state_->index->find_file(file.native(), now)) return *known;
        }
        const digest d = TRY(base::digest_of_file(file));
        struct stat after;
        if (::stat(file.c_str(), &after) != 0)
            return fail(status::input, {file.string(), 0, 0}, "can't be read: {}", std::strerror(errno));
        if (stamp_of(after) == now) {
            if (is_racy(after)) return d; // true now; looked at again next time
            const std::scoped_lock lock{state_->guard};
            state_->rows.stamps[file.native()] = {now, d};
            return d;
        }
        s = after;
    }
    return fail(status::input, {file.string(), 0, 0}, "keeps changing while it is read");
}

result<digest> store::digest_of_host_folder(const fs::path& folder) {
    return tree_of_folder(folder, [this](const fs::path& file) { return digest_of_host_file(file); });
}

result<digest> store::digest_of_fixed_folder(const fs::path& folder, const sha256& tree, bool is_part) {
    // Kept among the files: the tree's hash takes the stamp's place.
    file_stamp stamp{};
    static_assert(sizeof stamp >= sizeof tree.bytes);
    std::memcpy(stamp.data(), tree.bytes.data(), tree.bytes.size());
    {
        const std::scoped_lock lock{state_->guard};
        if (const auto at = state_->rows.stamps.find(folder.native());
            at != state_->rows.stamps.end() && at->second.first == stamp)
            return at->second.second;
        if (const auto known = state_->index->find_file(folder.native(), stamp)) return *known;
    }
    const digest d = TRY(tree_of_folder(folder, [](const fs::path& file) { return base::digest_of_file(file); }));
    if (!is_part && d.hash != tree)
        return fail(status::source, {folder.string(), 0, 0}, "isn't the tree that it was: expected {}, found {}",
                    tree.hex(), d.hash.hex())
            .hint("remove the folder: it is made anew");
    const std::scoped_lock lock{state_->guard};
    state_->rows.stamps[folder.native()] = {stamp, d};
    return d;
}

std::optional<std::string> store::find_note(std::string_view key) {
    const std::scoped_lock lock{state_->guard};
    if (const auto at = state_->rows.notes.find(key); at != state_->rows.notes.end()) return at->second;
    return state_->index->find_note(key);
}

result<void> store::put_note(std::string_view key, std::string value) {
    const std::scoped_lock lock{state_->guard};
    state_->rows.notes[std::string{key}] = std::move(value);
    return {};
}

} // namespace uk::build
