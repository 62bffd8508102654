// The store: content-addressed blobs on disk, and an index in SQLite that can always be rebuilt.
// Layout under $UK_HOME (else $XDG_CACHE_HOME/uk, else ~/.cache/uk): cas/xx/<sha256>, index.sqlite, sources/, tmp/, …: docs/explanation/build.md
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/result.hpp"
#include "build/action_log.hpp"

namespace uk::build {

/// REAPI's ActionResult, as far as we use it: output path → blob.
struct action_result {
    struct file {
        base::digest blob;
        bool executable = false;
        friend bool operator==(const file&, const file&) = default;
    };
    std::map<std::string, file> files; ///< outputs and, with their folder in front, the files of output folders
    std::string standard_error; ///< warnings; printed again when the result comes from the store
    friend bool operator==(const action_result&, const action_result&) = default;
};

/// Where uk keeps its state. Errors: environment when no home is known.
base::result<std::filesystem::path> home_folder();

/// One store, opened by one process; several processes may share it. Safe against SIGKILL and a full disk at any point:
/// a blob is renamed into place when complete, a row is committed when its blobs exist.
class store {
  public:
    /// Creates what is missing; a damaged index is set aside and made anew. Errors: environment.
    static base::result<store> open(const std::filesystem::path& home);
    store(store&&) noexcept;
    store& operator=(store&&) noexcept;
    ~store();

    const std::filesystem::path& home() const;

    /// From now on nothing is removed that is here (build/upkeep.hpp), until this store is closed. May be asked again.
    /// Waits while somebody removes. Errors: environment, interrupted.
    base::result<void> hold();
    /// The other side: nobody else holds. `wait`: until it is so, else none if somebody does.
    enum class patience { wait, none };
    base::result<std::optional<base::file_lock>> hold_alone(patience how);

    // blobs; all thread-safe
    base::result<base::digest> put(std::string_view content);
    /// The whole content of an open file, from its beginning.
    base::result<base::digest> put_open_file(int descriptor);
    /// And notes that it was used.
    bool has(const base::digest& blob) const;
    /// Verified against its hash. Errors: source: the blob is gone, or was wrong and is in quarantine/ now; environment.
    base::result<std::string> get(const base::digest& blob);
    /// The blob's file, read-only. Not verified.
    std::filesystem::path path_of(const base::sha256& hash) const;
    /// Copies a blob to `to` (reflink where the file system can), atomically, mode 0644 or 0755.
    base::result<void> restore(const base::digest& blob, const std::filesystem::path& to, bool executable);

    // actions
    /// None, if it isn't known or one of its blobs is missing or has another size. Content is verified when it is used.
    std::optional<action_result> find_action(const base::sha256& action);
    base::result<void> put_action(const base::sha256& action, const action_result& result);
    /// Which files were read in runs with a frame, as build/reads.hpp writes it; empty: not known.
    std::string find_reads(const base::sha256& frame);
    void put_reads(const base::sha256& frame, std::string text);
    /// Writes what was put to disk: first the blobs, then the rows that speak of them. Also when the store is closed.
    base::result<void> flush();

    // what actions said, and what their keys were made of
    /// `preimage` as build/preimage.hpp writes it: kept for this run of a name and for the one before it.
    base::result<void> put_log(const action_log& log, std::string preimage = {});
    /// Of the one action whose key begins with these hexadecimal digits.
    std::optional<action_log> find_log(std::string_view digits);
    /// The latest of an action of that name, whatever its key.
    std::optional<action_log> find_last_log(std::string_view project, std::string_view name);
    /// The same, for whichever variant: all but the first word of `name` counts.
    std::optional<action_log> find_last_log_of_any_variant(std::string_view project, std::string_view name);
    /// Of all actions that ran in the last execution for the project in which any did.
    std::vector<action_log> find_last_logs(std::string_view project);
    /// Empty: it isn't known, or not any more.
    std::string find_preimage(const base::sha256& key);
    /// The files of a folder that people can change, as build/preimage.hpp lists them.
    void put_listing(const base::sha256& tree, std::string_view files);
    std::optional<std::string> find_listing(const base::sha256& tree);

    // memory of file contents: digest by (device, inode, size, mtime, ctime, mode)
    base::result<base::digest> digest_of_host_file(const std::filesystem::path& file);
    /// REAPI Directory digest (base/directory.hpp). Errors: input: symlinks and special files.
    base::result<base::digest> digest_of_host_folder(const std::filesystem::path& folder);
    /// The same for a folder that never changes and is known to be `tree`, or a part of that: looked at once only. Errors: source, if it
    /// isn't.
    base::result<base::digest> digest_of_fixed_folder(const std::filesystem::path& folder, const base::sha256& tree,
                                                      bool is_part = false);

    /// A folder of this process alone, in tmp/; removed at the end, or by the next process if this one is killed.
    base::result<std::filesystem::path> scratch();

    // small values by name: what was built last, the toolchain's fingerprint
    std::optional<std::string> find_note(std::string_view key);
    /// Forgets what speaks of blobs and files that aren't there any more, and gives the room back. Errors: environment.
    base::result<void> tidy_index();

    /// A key that begins with a folder and the end of its line is of that folder: when it is gone, tidy_index forgets it.
    base::result<void> put_note(std::string_view key, std::string value);

  private:
    struct state;
    explicit store(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

} // namespace uk::build
