#include "build/store.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <mutex>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/directory.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

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
    return base::error{status::environment, "there is no folder for uk's state: neither UK_HOME nor XDG_CACHE_HOME nor HOME is set", {}, "set UK_HOME to a folder of yours"};
}

namespace {

// 'uk01', so that file(1) and we can tell whose database it is.
constexpr int application_id = 0x756b3031;
constexpr int schema_version = 1;

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS actions(key BLOB PRIMARY KEY, result TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stats(path TEXT PRIMARY KEY, seen TEXT NOT NULL, hash BLOB NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)";

std::int64_t nanoseconds(const timespec& t) { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; }

std::string seen(const struct stat& s) {
    return fmt::format("{:x}.{:x}.{:x}.{:x}.{:x}.{:x}", s.st_dev, s.st_ino, s.st_size, nanoseconds(s.st_mtim), nanoseconds(s.st_ctim), s.st_mode);
}

// git's rule: a file changed within the clock's last tick may change again without its times showing it.
bool is_racy(const struct stat& s) {
    timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return std::max(nanoseconds(s.st_mtim), nanoseconds(s.st_ctim)) + 20'000'000 > nanoseconds(now);
}

base::error system_error(const fs::path& what, std::string_view doing) {
    const int code = errno;
    base::error e = fail(status::environment, {what.string(), 0, 0}, "{} failed: {}", doing, std::strerror(code));
    if (code == ENOSPC) e.hint("free some disk space, or set UK_HOME to a folder on another disk");
    return e;
}

// An action's result as text: `hash size x path` for each file, then what it said.
std::string encode(const action_result& r) {
    std::string text;
    for (const auto& [path, file] : r.files) text += fmt::format("{} {} {} {}\n", file.blob.hash.hex(), file.blob.size, file.executable ? 'x' : '-', path);
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
        const auto space = line.find(' ', 65);
        if (!hash || space == std::string_view::npos || space + 3 >= line.size()) return std::nullopt;
        action_result::file file{{*hash, 0}, line[space + 1] == 'x'};
        file.blob.size = std::strtoll(std::string{line.substr(65, space - 65)}.c_str(), nullptr, 10);
        r.files.emplace(line.substr(space + 3), file);
    }
    r.standard_error = text;
    return r;
}

// One prepared statement, reset after each use.
class statement {
  public:
    statement(sqlite3* db, const char* sql) { sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr); }
    ~statement() { sqlite3_finalize(handle_); }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    statement& text(int at, std::string_view value) { sqlite3_bind_text64(handle_, at, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8); return *this; }
    statement& blob(int at, const sha256& value) { sqlite3_bind_blob(handle_, at, value.bytes.data(), 32, SQLITE_TRANSIENT); return *this; }
    statement& number(int at, std::int64_t value) { sqlite3_bind_int64(handle_, at, value); return *this; }
    /// SQLITE_ROW, SQLITE_DONE or an error.
    int step() { return handle_ ? sqlite3_step(handle_) : SQLITE_ERROR; }
    std::string_view column_text(int at) {
        const auto* p = reinterpret_cast<const char*>(sqlite3_column_text(handle_, at));
        return {p ? p : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, at))};
    }
    sha256 column_hash(int at) {
        sha256 h;
        if (sqlite3_column_bytes(handle_, at) == 32) std::memcpy(h.bytes.data(), sqlite3_column_blob(handle_, at), 32);
        return h;
    }
    std::int64_t column_number(int at) { return sqlite3_column_int64(handle_, at); }
    void reset() {
        sqlite3_reset(handle_);
        sqlite3_clear_bindings(handle_);
    }

  private:
    sqlite3_stmt* handle_ = nullptr;
};

} // namespace

struct store::state {
    fs::path home;
    sqlite3* db = nullptr;
    std::recursive_mutex guard;
    std::atomic<unsigned> counter{0};
    std::map<sha256, action_result> pending;               // actions whose blobs aren't synced yet
    bool in_transaction = false;

    std::optional<statement> find_action, put_action, find_stat, put_stat, find_note, put_note;

    ~state() {
        if (in_transaction) sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
        find_action.reset(), put_action.reset(), find_stat.reset(), put_stat.reset(), find_note.reset(), put_note.reset();
        sqlite3_close_v2(db);
    }

    bool open_index() {
        const fs::path file = home / "index.sqlite";
        if (sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr) != SQLITE_OK) return false;
        sqlite3_busy_timeout(db, 30'000);
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        statement version{db, "PRAGMA user_version"};
        if (version.step() != SQLITE_ROW) return false;
        const auto found = version.column_number(0);
        version.reset();
        if (found == 0) {
            // The index can be made anew at any time, so a commit needn't wait for the disk.
            const std::string make = fmt::format("PRAGMA application_id={};PRAGMA journal_mode=WAL;{}PRAGMA user_version={};", application_id, schema, schema_version);
            if (sqlite3_exec(db, make.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return false;
        } else if (found != schema_version) {
            return false;
        }
        sqlite3_exec(db, "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
        find_action.emplace(db, "SELECT result FROM actions WHERE key=?");
        put_action.emplace(db, "INSERT OR REPLACE INTO actions VALUES(?,?)");
        find_stat.emplace(db, "SELECT seen,hash,size FROM stats WHERE path=?");
        put_stat.emplace(db, "INSERT OR REPLACE INTO stats VALUES(?,?,?,?)");
        find_note.emplace(db, "SELECT value FROM notes WHERE key=?");
        put_note.emplace(db, "INSERT OR REPLACE INTO notes VALUES(?,?)");
        // Preparing reads the schema: a damaged file shows here.
        const int looked = find_note->text(1, "").step();
        find_note->reset();
        return looked == SQLITE_DONE || looked == SQLITE_ROW;
    }

    void close_index() {
        find_action.reset(), put_action.reset(), find_stat.reset(), put_stat.reset(), find_note.reset(), put_note.reset();
        sqlite3_close_v2(db);
        db = nullptr;
    }

    // Rows are gathered and written together.
    void begin() {
        if (in_transaction) return;
        in_transaction = sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK;
    }
    void commit() {
        if (!in_transaction) return;
        sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
        in_transaction = false;
    }

    fs::path temporary() { return home / "tmp" / fmt::format("{}-{}", getpid(), counter++); }
};

store::store(std::unique_ptr<state> s) : state_{std::move(s)} {}
store::store(store&&) noexcept = default;
store& store::operator=(store&&) noexcept = default;
store::~store() {
    if (state_ && state_->db) (void)flush();
}

result<store> store::open(const fs::path& home) {
    auto s = std::make_unique<state>();
    s->home = home;
    for (const char* folder : {"cas", "tmp", "sources", "quarantine"}) CHECK(base::make_folders(home / folder));
    if (!s->open_index()) {
        s->close_index();
        // Set the damaged one aside and begin anew: blobs stay, actions are looked at again when they run.
        for (const char* ending : {"", "-wal", "-shm"}) {
            std::error_code ignored;
            fs::rename(home / (std::string{"index.sqlite"} + ending), home / "quarantine" / (std::string{"index.sqlite"} + ending), ignored);
        }
        if (!s->open_index()) {
            return fail(status::environment, {(home / "index.sqlite").string(), 0, 0}, "the store's index can't be opened: {}",
                        s->db ? sqlite3_errmsg(s->db) : "out of memory");
        }
    }
    return store{std::move(s)};
}

const fs::path& store::home() const { return state_->home; }

fs::path store::path_of(const sha256& hash) const {
    const std::string hex = hash.hex();
    return state_->home / "cas" / hex.substr(0, 2) / hex;
}

bool store::has(const digest& blob) const {
    struct stat s;
    return stat(path_of(blob.hash).c_str(), &s) == 0 && s.st_size == blob.size;
}

result<digest> store::put(std::string_view content) {
    const digest d = base::digest_of(content);
    if (has(d)) return d;
    const fs::path temporary = state_->temporary();
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return system_error(temporary, "creating a file of the store");
    for (std::string_view left = content; !left.empty();) {
        const ssize_t n = ::write(file, left.data(), left.size());
        if (n < 0) {
            auto e = system_error(temporary, "writing to the store");
            ::close(file);
            ::unlink(temporary.c_str());
            return e;
        }
        left.remove_prefix(static_cast<std::size_t>(n));
    }
    ::close(file);
    return put_file(temporary);
}

result<digest> store::put_file(const fs::path& file) {
    const digest d = TRY(base::digest_of_file(file));
    const fs::path to = path_of(d.hash);
    if (has(d)) {
        ::unlink(file.c_str());
        return d;
    }
    CHECK(base::make_folders(to.parent_path()));
    ::chmod(file.c_str(), 0444);
    if (::rename(file.c_str(), to.c_str()) != 0) {
        if (errno != EXDEV) return system_error(to, "moving a file into the store");
        const std::string content = TRY(base::read_file(file));
        CHECK(base::write_file(to, content));
        ::unlink(file.c_str());
    }
    return d;
}

result<std::string> store::get(const digest& blob) {
    const fs::path from = path_of(blob.hash);
    std::string content = TRY(base::read_file(from));
    if (base::digest_of(content) == blob) return content;
    std::error_code ignored;
    fs::rename(from, state_->home / "quarantine" / blob.hash.hex(), ignored);
    return fail(status::source, {from.string(), 0, 0}, "a file of the store isn't what its name says; it was set aside in quarantine/")
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
        if (const auto at = state_->pending.find(action); at != state_->pending.end()) return at->second;
        auto& query = *state_->find_action;
        if (query.blob(1, action).step() == SQLITE_ROW) found = decode(query.column_text(0));
        query.reset();
    }
    if (!found) return found;
    // A missing or wrong blob is a miss: the action runs again.
    for (const auto& [path, file] : found->files) {
        if (!has(file.blob)) return std::nullopt;
        if (!get(file.blob)) return std::nullopt;
    }
    return found;
}

result<void> store::put_action(const sha256& action, const action_result& result) {
    const std::scoped_lock lock{state_->guard};
    state_->pending[action] = result;
    return {};
}

result<void> store::flush() {
    const std::scoped_lock lock{state_->guard};
    if (!state_->pending.empty()) {
        // Blobs first, then the rows that speak of them.
        const int folder = ::open((state_->home / "cas").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder < 0 || ::syncfs(folder) != 0) {
            auto e = system_error(state_->home / "cas", "writing the store to disk");
            if (folder >= 0) ::close(folder);
            return e;
        }
        ::close(folder);
        state_->begin();
        for (const auto& [key, result] : state_->pending) {
            const int r = state_->put_action->blob(1, key).text(2, encode(result)).step();
            state_->put_action->reset();
            if (r != SQLITE_DONE) return fail(status::environment, {state_->home.string(), 0, 0}, "the store's index can't be written: {}", sqlite3_errmsg(state_->db));
        }
        state_->pending.clear();
    }
    state_->commit();
    return {};
}

result<digest> store::digest_of_host_file(const fs::path& file) {
    struct stat s;
    if (::stat(file.c_str(), &s) != 0) return fail(status::input, {file.string(), 0, 0}, "can't be read: {}", std::strerror(errno));
    if (!S_ISREG(s.st_mode)) return fail(status::input, {file.string(), 0, 0}, "is no regular file");
    const std::string now = seen(s);
    {
        const std::scoped_lock lock{state_->guard};
        auto& query = *state_->find_stat;
        std::optional<digest> known;
        if (query.text(1, file.native()).step() == SQLITE_ROW && query.column_text(0) == now)
            known = digest{query.column_hash(1), query.column_number(2)};
        query.reset();
        if (known) return *known;
    }
    const digest d = TRY(base::digest_of_file(file));
    if (!is_racy(s)) {
        const std::scoped_lock lock{state_->guard};
        state_->begin();
        state_->put_stat->text(1, file.native()).text(2, now).blob(3, d.hash).number(4, d.size).step();
        state_->put_stat->reset();
    }
    return d;
}

result<digest> store::digest_of_host_folder(const fs::path& folder) {
    const auto files = TRY(base::list_files(folder));
    base::tree_builder tree;
    for (const std::string& file : files) {
        struct stat s;
        const fs::path path = folder / file;
        const digest d = TRY(digest_of_host_file(path));
        tree.add_file(file, d, ::stat(path.c_str(), &s) == 0 && (s.st_mode & S_IXUSR));
    }
    return tree.finish();
}

std::optional<std::string> store::find_note(std::string_view key) {
    const std::scoped_lock lock{state_->guard};
    std::optional<std::string> found;
    if (state_->find_note->text(1, key).step() == SQLITE_ROW) found = std::string{state_->find_note->column_text(0)};
    state_->find_note->reset();
    return found;
}

result<void> store::put_note(std::string_view key, std::string_view value) {
    const std::scoped_lock lock{state_->guard};
    state_->begin();
    state_->put_note->text(1, key).text(2, value).step();
    state_->put_note->reset();
    return {};
}

} // namespace uk::build
