// The quickest answer: a list of everything that a build has looked at, with its times and sizes. As long as all of it is as
// it was, nothing has to be read, resolved or planned.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace uk::build {

/// One line for each path: type, size, inode, change times. Folders count by their own times, so what is added or removed
/// in them shows. Empty if one of them was changed so lately that its times can't be trusted (git's "racy" rule).
std::string take_snapshot(const std::set<std::filesystem::path>& paths);

/// Is everything still as the snapshot says?
bool still_holds(std::string_view snapshot);

} // namespace uk::build
