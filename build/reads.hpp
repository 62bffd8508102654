// What an action reads of what it is given. A compilation gets every header of the application and reads some: the result for other contents of
// the others is the same, as long as all of them have the same names (a header that appears earlier on the include path changes the answer).
//
// So beside its key an action has local ones: of its frame, which is all but the contents of those files, and of the contents of what was read. They lead to the
// same result; keys that are shared with others are never these.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "build/store.hpp"

namespace uk::build {

/// An action without the contents of what it may leave unread.
struct outline {
    base::sha256 frame; ///< of the command, the names of all inputs, and the folders that never change
    std::vector<std::pair<std::string, base::sha256>> parts; ///< files: path in the input root → content, sorted
};

using read_paths = std::vector<std::string>; ///< in the input root, sorted

/// The local key. None: a path is no part.
std::optional<base::sha256> key_of_reads(const outline& of, const read_paths& paths);

/// Which files were read in runs with one frame, the last one first; as text for the store.
std::string write(const std::vector<read_paths>& all);
std::vector<read_paths> parse_reads(std::string_view text);

/// What the store knows of it by a local key; `look_up` finds results.
std::optional<action_result>
find_by_reads(store& from, const outline& of,
              const std::function<std::optional<action_result>(const base::sha256&)>& look_up);

/// Notes what was read, so that it is found; of a frame the last four.
void remember_reads(store& to, const base::sha256& frame, const read_paths& paths);

} // namespace uk::build
