// Writing a git tree to disk, as a stranger's: nothing but regular files and folders, none of them anywhere else.
#pragma once

#include <string>

#include <git2.h>

namespace uk::registry {

/// `part`: a folder of the commit; empty: all of it. "" or why not.
std::string write_tree(git_repository* from, git_commit* commit, const std::string& part, const std::string& to);

} // namespace uk::registry
