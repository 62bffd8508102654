// The quickest answer: a list of everything that a build has looked at, with its times and sizes. As long as all of it is as
// it was, nothing has to be read, resolved or planned.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace uk::build {

/// As bytes: a path's own order looks at its parts, which takes ten times as long.
struct by_bytes {
    bool operator()(const std::filesystem::path& a, const std::filesystem::path& b) const {
        return a.native() < b.native();
    }
};
using path_set = std::set<std::filesystem::path, by_bytes>;

struct watched {
    path_set inputs; ///< that were looked at; folders count by their own times
    path_set outputs; ///< that were written meanwhile
    /// (folder, pattern) → names_in: where the folder's times say too much, because outputs lie in it, too
    std::map<std::pair<std::filesystem::path, std::string>, std::string> names;
    path_set choices = {}; ///< those inputs that decide what is made of which components
};

/// A digest of the names of files below `folder` that match `pattern` (base::matches_glob); with an empty pattern of all
/// that lie in the folder itself, but for hidden ones and compile_commands.json, which builds write.
std::string names_in(const std::filesystem::path& folder, const std::string& pattern);

/// The clock that stamps files, in nanoseconds.
std::int64_t file_clock();

/// One line for each path: type, size, inode, change times; and for each list of names. An input that was changed since
/// `began` (on the file clock, before the first was looked at), or within the same tick of that clock (git's "racy" rule), has changed in any
/// case. Waits some milliseconds for outputs that are as young.
std::string take_snapshot(const watched& all, std::int64_t began);

/// Which lines of it aren't as it says any more: files with other contents, and folders with the same names in them as before, all of
/// which the snapshot has. None: there is no snapshot, or more has changed: something is new or gone, a mode.
std::optional<std::vector<std::size_t>> changed_lines(std::string_view snapshot);
/// Is everything still as the snapshot says?
bool still_holds(std::string_view snapshot);
/// As take_snapshot behind a build that looked at nothing but the inputs on `lines` again, and wrote any of the outputs, which begin at line
/// `first_output`.
std::string renewed(std::string_view snapshot, const std::vector<std::size_t>& lines, std::size_t first_output,
                    std::int64_t began);

} // namespace uk::build
