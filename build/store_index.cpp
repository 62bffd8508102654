#include "build/store_index.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/disk.hpp"
#include "base/file.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::digest;
using base::fail;
using base::result;
using base::sha256;
using base::status;

namespace {

// 'uk01', so that file(1) and we can tell whose database it is.
constexpr int application_id = 0x756b3031;
constexpr int schema_version = 3;
constexpr int page_size = 16'384; // what is kept of a build is long
constexpr int patience_ms = 30'000; // for another process that is writing
constexpr std::int64_t tick_ns = 20'000'000; // of the coarsest clock that stamps files: 100 Hz, and some room

// A search reads whole keys: where values are long they lie in a table of their own, which is one with row ids.
constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS actions(key BLOB PRIMARY KEY, result TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files(path TEXT PRIMARY KEY, stamp BLOB NOT NULL, hash BLOB NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes(key TEXT PRIMARY KEY, value BLOB NOT NULL);
)";

// Made when the first is written: an index without it is as good.
constexpr const char* logs_schema = R"(
DROP TABLE IF EXISTS logs;
CREATE TABLE IF NOT EXISTS runs(key BLOB PRIMARY KEY, project TEXT NOT NULL, name TEXT NOT NULL, command TEXT NOT NULL, began INTEGER NOT NULL, microseconds INTEGER NOT NULL, status INTEGER NOT NULL, said BLOB, size INTEGER, build INTEGER NOT NULL, before BLOB, preimage TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS runs_by_name ON runs(project,name,build);
CREATE INDEX IF NOT EXISTS runs_by_build ON runs(project,build);
CREATE TABLE IF NOT EXISTS reads(frame BLOB PRIMARY KEY, files TEXT NOT NULL, written INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listings(tree BLOB PRIMARY KEY, files TEXT NOT NULL);
)";
constexpr const char* log_columns =
    "SELECT key,project,name,command,began,microseconds,status,said,size,build,before FROM runs ";

std::int64_t nanoseconds(const timespec& t) { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; }

// One prepared statement; `done` makes it ready for the next use.
class statement {
  public:
    statement(sqlite3* db, const char* sql) {
        sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;
    ~statement() { sqlite3_finalize(handle_); }

    // What is bound must live until `done`.
    statement& text(int at, std::string_view value) {
        sqlite3_bind_text64(handle_, at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
        return *this;
    }
    statement& bytes(int at, const void* value, std::size_t size) {
        sqlite3_bind_blob64(handle_, at, value, size, SQLITE_STATIC);
        return *this;
    }
    statement& number(int at, std::int64_t value) {
        sqlite3_bind_int64(handle_, at, value);
        return *this;
    }
    int step() { return handle_ ? sqlite3_step(handle_) : SQLITE_ERROR; }
    bool row() { return step() == SQLITE_ROW; }
    void done() {
        sqlite3_reset(handle_);
        sqlite3_clear_bindings(handle_);
    }

    std::string_view column(int at) {
        const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, at));
        return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, at))};
    }
    std::int64_t column_number(int at) { return sqlite3_column_int64(handle_, at); }
    std::optional<sha256> column_hash(int at) {
        const std::string_view bytes = column(at);
        sha256 hash;
        if (bytes.size() != hash.bytes.size()) return std::nullopt;
        std::memcpy(hash.bytes.data(), bytes.data(), bytes.size());
        return hash;
    }

  private:
    sqlite3_stmt* handle_ = nullptr;
};

// `reason`: the system's, where SQLite only says that something went wrong with a file; it isn't kept of every call.
base::error refused(const fs::path& file, int code, const std::string& why, int reason) {
    base::error e = fail(status::environment, {file.string(), 0, 0}, "the store's index can't be used: {}", why);
    const bool is_io = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    const std::string room = base::disk_hint((code & 0xff) == SQLITE_FULL ? ENOSPC : is_io ? reason : 0);
    if (!room.empty()) e.hint(room);
    else if ((code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_CANTOPEN)
        e.hint("uk must be able to write there; or set `UK_HOME` to a folder of yours");
    else if (is_io) e.hint("look whether this disk is full or fails, or set `UK_HOME` to a folder on another one");
    return e;
}

bool is_damage(int code) {
    return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_MISMATCH;
}

} // namespace

file_stamp stamp_of(const struct stat& s) {
    return {static_cast<std::int64_t>(s.st_dev),
            static_cast<std::int64_t>(s.st_ino),
            s.st_size,
            nanoseconds(s.st_mtim),
            nanoseconds(s.st_ctim),
            static_cast<std::int64_t>(s.st_mode)};
}

bool is_racy(const struct stat& s) {
    timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    // Also a time in the future says nothing.
    return std::max(nanoseconds(s.st_mtim), nanoseconds(s.st_ctim)) + tick_ns > nanoseconds(now);
}

struct store_index::state {
    fs::path file;
    sqlite3* db = nullptr;
    std::optional<statement> find_action, put_action, find_file, put_file, find_note, put_note;

    ~state() {
        for (auto* one : {&find_action, &put_action, &find_file, &put_file, &find_note, &put_note}) one->reset();
        sqlite3_close_v2(db);
    }

    int run(const char* sql) { return sqlite3_exec(db, sql, nullptr, nullptr, nullptr); }

    int version() {
        statement query{db, "PRAGMA user_version"};
        return query.row() ? static_cast<int>(query.column_number(0)) : -1;
    }

    // Two processes may come to an empty folder at the same time.
    int make() {
        const auto lock = base::file_lock::take(file.string() + ".lock");
        if (!lock) return SQLITE_CANTOPEN;
        if (version() != 0) return SQLITE_OK;
        const std::string all = fmt::format(
            "PRAGMA page_size={};PRAGMA application_id={};PRAGMA journal_mode=WAL;{}PRAGMA user_version={};", page_size,
            application_id, schema, schema_version);
        return run(all.c_str());
    }

    // SQLITE_OK, or why not.
    int open() {
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        if (const int code = sqlite3_open_v2(file.c_str(), &db, flags, nullptr); code != SQLITE_OK) return code;
        sqlite3_busy_timeout(db, patience_ms);
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        int found = version();
        if (found < 0) return sqlite3_errcode(db);
        if (found == 0) {
            if (const int code = make(); code != SQLITE_OK) return code;
            found = version();
        }
        if (found != schema_version) return SQLITE_MISMATCH;
        run("PRAGMA synchronous=NORMAL"); // no row is worth waiting for the disk: all can be found out again
        find_action.emplace(db, "SELECT result FROM actions WHERE key=?");
        put_action.emplace(db, "INSERT OR REPLACE INTO actions VALUES(?,?)");
        find_file.emplace(db, "SELECT hash,size FROM files WHERE path=? AND stamp=?");
        put_file.emplace(db, "INSERT OR REPLACE INTO files VALUES(?,?,?,?)");
        find_note.emplace(db, "SELECT value FROM notes WHERE key=?");
        put_note.emplace(db, "INSERT OR REPLACE INTO notes VALUES(?,?)");
        // Damage shows when something is read.
        const int looked = find_note->text(1, "").step();
        find_note->done();
        return looked == SQLITE_DONE || looked == SQLITE_ROW ? SQLITE_OK : looked;
    }
};

store_index::store_index(std::unique_ptr<state> s) : state_{std::move(s)} {}
store_index::store_index(store_index&&) noexcept = default;
store_index& store_index::operator=(store_index&&) noexcept = default;
store_index::~store_index() = default;

result<store_index> store_index::open(const fs::path& home) {
    const fs::path file = home / "index.sqlite";
    for (int attempt = 0;; ++attempt) {
        auto s = std::make_unique<state>();
        s->file = file;
        const int code = s->open();
        if (code == SQLITE_OK) return store_index{std::move(s)};
        const std::string why = s->db && code != SQLITE_MISMATCH ? sqlite3_errmsg(s->db) : sqlite3_errstr(code);
        if (!is_damage(code) || attempt == 1) return refused(file, code, why, sqlite3_system_errno(s->db));
        s.reset();
        // Set aside, and begun anew: blobs stay, actions run again.
        for (const char* ending : {"", "-wal", "-shm"}) {
            std::error_code ignored;
            fs::rename(file.string() + ending, home / "quarantine" / (std::string{"index.sqlite"} + ending), ignored);
        }
    }
}

std::optional<std::string> store_index::find_action(const sha256& key) {
    auto& query = *state_->find_action;
    std::optional<std::string> found;
    if (query.bytes(1, key.bytes.data(), key.bytes.size()).row()) found = query.column(0);
    query.done();
    return found;
}

std::optional<digest> store_index::find_file(std::string_view path, const file_stamp& now) {
    auto& query = *state_->find_file;
    std::optional<digest> found;
    if (query.text(1, path).bytes(2, now.data(), sizeof now).row() && query.column(0).size() == 32) {
        found = digest{*query.column_hash(0), query.column_number(1)};
    }
    query.done();
    return found;
}

std::optional<std::string> store_index::find_note(std::string_view key) {
    auto& query = *state_->find_note;
    std::optional<std::string> found;
    if (query.text(1, key).row()) found = query.column(0);
    query.done();
    return found;
}

namespace {

std::optional<action_log> log_of(statement& row) {
    const auto key = row.column_hash(0);
    if (!key) return std::nullopt;
    action_log log{.key = *key,
                   .project = std::string{row.column(1)},
                   .name = std::string{row.column(2)},
                   .command = std::string{row.column(3)},
                   .began = row.column_number(4),
                   .microseconds = row.column_number(5),
                   .status = static_cast<int>(row.column_number(6)),
                   .said = std::nullopt};
    if (const auto said = row.column_hash(7)) log.said = digest{*said, row.column_number(8)};
    log.build = row.column_number(9);
    log.before = row.column_hash(10);
    return log;
}

int put_logs(sqlite3* db, const index_rows& rows) {
    if (rows.logs.empty() && rows.listings.empty() && rows.reads.empty()) return SQLITE_OK;
    if (const int code = sqlite3_exec(db, logs_schema, nullptr, nullptr, nullptr); code != SQLITE_OK) return code;
    int code = SQLITE_OK;
    const auto put = [&](statement& row) {
        if (code == SQLITE_OK && row.step() != SQLITE_DONE) code = sqlite3_errcode(db);
        row.done();
    };
    statement run{db, "INSERT OR REPLACE INTO runs VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"},
        // What changed is said of the last run and the one before it; older ones would only take room.
        forget{db, "UPDATE runs SET preimage='' WHERE project=? AND name=? AND key NOT IN (?,?) AND preimage<>''"},
        listing{db, "INSERT OR IGNORE INTO listings VALUES(?,?)"},
        read{db, "INSERT OR REPLACE INTO reads VALUES(?,?,unixepoch())"};
    for (const auto& [key, row] : rows.logs) {
        const auto& [log, preimage] = row;
        run.bytes(1, key.bytes.data(), key.bytes.size()).text(2, log.project).text(3, log.name).text(4, log.command);
        run.number(5, log.began).number(6, log.microseconds).number(7, log.status);
        if (log.said) run.bytes(8, log.said->hash.bytes.data(), 32).number(9, log.said->size);
        run.number(10, log.build);
        if (log.before) run.bytes(11, log.before->bytes.data(), 32);
        put(run.text(12, preimage));
        const sha256& before = log.before ? *log.before : key;
        put(forget.text(1, log.project)
                .text(2, log.name)
                .bytes(3, key.bytes.data(), 32)
                .bytes(4, before.bytes.data(), 32));
    }
    for (const auto& [tree, files] : rows.listings) put(listing.bytes(1, tree.bytes.data(), 32).text(2, files));
    for (const auto& [frame, files] : rows.reads) put(read.bytes(1, frame.bytes.data(), 32).text(2, files));
    return code;
}

} // namespace

std::optional<action_log> store_index::find_log(std::string_view digits) {
    // Without the table the statement can't be prepared, and has no rows.
    const auto whole = sha256::from_hex(digits);
    const char* which = whole ? "WHERE key=?" : "WHERE hex(key) LIKE ? || '%' LIMIT 2";
    statement query{state_->db, (log_columns + std::string{which}).c_str()};
    if (whole) query.bytes(1, whole->bytes.data(), whole->bytes.size());
    else query.text(1, digits);
    if (!query.row()) return std::nullopt;
    auto found = log_of(query);
    return query.row() ? std::nullopt : found;
}

std::optional<action_log> store_index::find_last_log(std::string_view project, std::string_view name) {
    statement query{state_->db,
                    (std::string{log_columns} + "WHERE project=? AND name=? ORDER BY build DESC LIMIT 1").c_str()};
    return query.text(1, project).text(2, name).row() ? log_of(query) : std::nullopt;
}

std::optional<action_log> store_index::find_last_log_of_any_variant(std::string_view project, std::string_view name) {
    constexpr const char* which =
        "WHERE project=? AND substr(name,instr(name,' '))=substr(?2,instr(?2,' ')) ORDER BY build DESC LIMIT 1";
    statement query{state_->db, (std::string{log_columns} + which).c_str()};
    return query.text(1, project).text(2, name).row() ? log_of(query) : std::nullopt;
}

std::vector<action_log> store_index::find_last_logs(std::string_view project) {
    constexpr const char* which =
        "WHERE project=?1 AND build=(SELECT max(build) FROM runs WHERE project=?1) ORDER BY name";
    statement query{state_->db, (std::string{log_columns} + which).c_str()};
    query.text(1, project);
    std::vector<action_log> all;
    while (query.row()) {
        if (auto one = log_of(query)) all.push_back(*std::move(one));
    }
    return all;
}

std::string store_index::find_preimage(const sha256& key) {
    statement query{state_->db, "SELECT preimage FROM runs WHERE key=?"};
    return query.bytes(1, key.bytes.data(), 32).row() ? std::string{query.column(0)} : std::string{};
}

std::string store_index::find_reads(const sha256& frame) {
    statement query{state_->db, "SELECT files FROM reads WHERE frame=?"};
    return query.bytes(1, frame.bytes.data(), 32).row() ? std::string{query.column(0)} : std::string{};
}

std::optional<std::string> store_index::find_listing(const sha256& tree) {
    statement query{state_->db, "SELECT files FROM listings WHERE tree=?"};
    if (!query.bytes(1, tree.bytes.data(), 32).row()) return std::nullopt;
    return std::string{query.column(0)};
}

namespace {

bool has_table(sqlite3* db, std::string_view name) {
    statement query{db, "SELECT 1 FROM sqlite_master WHERE type='table' AND name=?"};
    return query.text(1, name).row();
}

} // namespace

result<void> store_index::tidy(const opinion& what) {
    sqlite3* const db = state_->db;
    std::vector<std::string> actions, logs, files, notes;
    {
        statement all{db, "SELECT key,result FROM actions"};
        while (all.row()) {
            if (!what.is_whole(all.column(1))) actions.emplace_back(all.column(0));
        }
        statement said{db, "SELECT key,said FROM runs WHERE said IS NOT NULL"};
        while (said.row()) {
            if (const auto blob = said.column_hash(1); !blob || !what.has_blob(*blob))
                logs.emplace_back(said.column(0));
        }
        statement paths{db, "SELECT path FROM files"};
        std::error_code ignored;
        while (paths.row()) {
            if (!fs::exists(fs::symlink_status(fs::path{paths.column(0)}, ignored)))
                files.emplace_back(paths.column(0));
        }
        statement keys{db, "SELECT key FROM notes"};
        while (keys.row()) {
            const std::string_view key = keys.column(0);
            const auto end = key.find('\n');
            if (end != key.npos && !fs::exists(fs::path{key.substr(0, end)}, ignored)) notes.emplace_back(key);
        }
    }
    int code = state_->run("BEGIN IMMEDIATE");
    const auto remove = [&](const char* sql, const std::vector<std::string>& keys, bool are_text) {
        if (keys.empty()) return;
        statement row{db, sql};
        for (const std::string& key : keys) {
            if (are_text) row.text(1, key);
            else row.bytes(1, key.data(), key.size());
            if (code == SQLITE_OK && row.step() != SQLITE_DONE) code = sqlite3_errcode(db);
            row.done();
        }
    };
    remove("DELETE FROM actions WHERE key=?", actions, false);
    remove("DELETE FROM runs WHERE key=?", logs, false);
    remove("DELETE FROM files WHERE path=?", files, true);
    remove("DELETE FROM notes WHERE key=?", notes, true);
    if (code == SQLITE_OK && has_table(db, "listings"))
        code = state_->run("DELETE FROM listings WHERE NOT EXISTS "
                           "(SELECT 1 FROM runs WHERE instr(preimage,lower(hex(listings.tree)))>0)");
    // Whether a frame can still come isn't known. What it costs to forget one is a run.
    if (code == SQLITE_OK && has_table(db, "reads"))
        code = state_->run("DELETE FROM reads WHERE written<unixepoch('now','-30 days')");
    if (code == SQLITE_OK) code = state_->run("COMMIT");
    if (code == SQLITE_OK) code = state_->run("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    if (code == SQLITE_OK) return {};
    const std::string why = sqlite3_errmsg(db);
    const int reason = sqlite3_system_errno(db);
    if (!sqlite3_get_autocommit(db)) state_->run("ROLLBACK");
    return refused(state_->file, code, why, reason);
}

result<void> store_index::write(const index_rows& rows) {
    if (rows.empty()) return {};
    int code = state_->run("BEGIN IMMEDIATE");
    const auto put = [&](statement& row) {
        if (code == SQLITE_OK && row.step() != SQLITE_DONE) code = sqlite3_errcode(state_->db);
        row.done();
    };
    for (const auto& [key, value] : rows.actions)
        put(state_->put_action->bytes(1, key.bytes.data(), key.bytes.size()).text(2, value));
    for (const auto& [path, row] : rows.stamps) {
        const auto& [stamp, content] = row;
        put(state_->put_file->text(1, path)
                .bytes(2, stamp.data(), sizeof stamp)
                .bytes(3, content.hash.bytes.data(), 32)
                .number(4, content.size));
    }
    for (const auto& [key, value] : rows.notes) put(state_->put_note->text(1, key).text(2, value));
    if (code == SQLITE_OK) code = put_logs(state_->db, rows);
    if (code == SQLITE_OK) code = state_->run("COMMIT");
    if (code == SQLITE_OK) return {};
    const std::string why = sqlite3_errmsg(state_->db);
    const int reason = sqlite3_system_errno(state_->db);
    if (!sqlite3_get_autocommit(state_->db)) state_->run("ROLLBACK");
    return refused(state_->file, code, why, reason);
}

} // namespace uk::build
