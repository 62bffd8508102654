// The store's index in SQLite: what actions gave, what files held when they were last looked at, notes. Everything in it can
// be found out again, so a damaged index is set aside and begun anew. Rows are gathered and written together.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "base/digest.hpp"
#include "base/result.hpp"
#include "build/action_log.hpp"

namespace uk::build {

/// What tells whether a file must be read again: device, inode, size, mtime, ctime, mode. Never its content.
using file_stamp = std::array<std::int64_t, 6>;
file_stamp stamp_of(const struct stat& s);
/// git's rule: a file that changed within the clock's last tick may change again without its times showing it.
bool is_racy(const struct stat& s);

/// Rows to be written.
struct index_rows {
    std::map<base::sha256, std::string> actions;
    std::map<std::string, std::pair<file_stamp, base::digest>> stamps;
    std::map<std::string, std::string, std::less<>> notes;
    struct log_row {
        action_log log;
        std::string preimage;
    };
    std::map<base::sha256, log_row> logs;
    std::map<base::sha256, std::string> listings; ///< of folders, by tree
    std::map<base::sha256, std::string> reads; ///< by frame
    bool empty() const {
        return actions.empty() && stamps.empty() && notes.empty() && logs.empty() && listings.empty() && reads.empty();
    }
};

/// Not thread-safe; several processes may have the same one open.
class store_index {
  public:
    /// Errors: environment: no permission, no space, held by another for too long.
    static base::result<store_index> open(const std::filesystem::path& home);
    store_index(store_index&&) noexcept;
    store_index& operator=(store_index&&) noexcept;
    ~store_index();

    std::optional<std::string> find_action(const base::sha256& key);
    std::optional<base::digest> find_file(std::string_view path, const file_stamp& now);
    std::optional<std::string> find_note(std::string_view key);
    /// The log of the one key that begins with these hexadecimal digits.
    std::optional<action_log> find_log(std::string_view digits);
    /// The latest of a name in a project.
    std::optional<action_log> find_last_log(std::string_view project, std::string_view name);
    std::optional<action_log> find_last_log_of_any_variant(std::string_view project, std::string_view name);
    /// Of the last build of a project in which any action ran.
    std::vector<action_log> find_last_logs(std::string_view project);
    std::string find_preimage(const base::sha256& key);
    std::optional<std::string> find_listing(const base::sha256& tree);
    /// Empty: not known.
    std::string find_reads(const base::sha256& frame);
    struct opinion {
        std::function<bool(const base::sha256&)> has_blob;
        std::function<bool(std::string_view)> is_whole; ///< of an action's row
    };
    /// Removes rows of actions that aren't whole, logs whose words are gone, files and folders that aren't there; then makes
    /// the database as small as it can be. Errors: environment.
    base::result<void> tidy(const opinion& what);
    /// All or nothing.
    base::result<void> write(const index_rows& rows);

  private:
    struct state;
    explicit store_index(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

} // namespace uk::build
