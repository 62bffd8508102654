// Files: reading, and writing so that nothing is ever half-written. All errors name the path and the system's reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace uk::base {

namespace fs = std::filesystem;

/// The whole file. Errors: input if it isn't there, environment otherwise; `limit` bytes at most.
result<std::string> read_file(const fs::path& file, std::size_t limit = std::size_t{1} << 30);

/// The error for what can't be written; `reason`: an errno. Environment, with what to do where that is known.
error cannot_write(const fs::path& what, int reason);

/// Writes to a temporary name beside `file`, syncs, renames. Leaves the old file as it was on any error.
result<void> write_file(const fs::path& file, std::string_view content, bool executable = false);

result<void> make_folders(const fs::path& folder);
result<void> remove_tree(const fs::path& folder);

/// A folder under `parent` that is removed when this ends.
class scratch_folder {
  public:
    static result<scratch_folder> make(const fs::path& parent);
    scratch_folder(scratch_folder&&) noexcept;
    scratch_folder& operator=(scratch_folder&&) noexcept;
    ~scratch_folder();
    const fs::path& path() const { return path_; }
    /// Keeps the folder (it was renamed to its place).
    void release() { path_.clear(); }

  private:
    explicit scratch_folder(fs::path path) : path_{std::move(path)} {}
    fs::path path_;
};

/// All regular files below `folder`, relative, with `/`, sorted as bytes. Errors: input for symlinks and special files
/// (named), environment.
result<std::vector<std::string>> list_files(const fs::path& folder);

/// Notes in a file's times that it was used: in its modification time, at most once an hour. Costs nothing else.
void mark_used(const fs::path& file, std::int64_t modified_seconds);
void mark_used(const fs::path& file);

/// A closed lock file, advisory (flock), held until this ends.
class file_lock {
  public:
    /// Alone. Blocks while another process holds it.
    static result<file_lock> take(const fs::path& file);
    /// With others that share it. Blocks while another process holds it alone.
    static result<file_lock> share(const fs::path& file);
    /// Alone, if nobody holds it now.
    static result<std::optional<file_lock>> try_to_take(const fs::path& file);
    file_lock(file_lock&&) noexcept;
    file_lock& operator=(file_lock&&) noexcept;
    ~file_lock();

  private:
    explicit file_lock(int descriptor) : descriptor_{descriptor} {}
    static result<file_lock> wait(const fs::path& file, int how);
    int descriptor_ = -1;
};

/// Does `path` (with `/`, relative) match `pattern`: `*` and `?` within a part, `**` over any number of parts;
/// `src/**.cpp` means `.cpp` files at any depth below src.
bool matches_glob(std::string_view pattern, std::string_view path);

} // namespace uk::base
