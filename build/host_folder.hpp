// A folder of the host as a REAPI Directory: its tree's digest, with each file's looked up by whoever knows it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/result.hpp"

namespace uk::build {

struct folder_entry {
    std::string path; ///< relative to the folder
    base::digest content; ///< a folder's is its tree
    bool is_folder = false, executable = false;
};
using folder_listing = std::vector<folder_entry>; ///< sorted by path, each folder before what is in it

/// `keep`, if there is one, is given each Directory's bytes. Errors: input: a symbolic link or special file (named); whatever `look` says.
base::result<base::digest>
tree_of_folder(const std::filesystem::path& folder,
               const std::function<base::result<base::digest>(const std::filesystem::path&)>& look,
               const std::function<void(const base::digest&, std::string)>& keep = {});

/// The same, and all that is in it.
struct listed_folder {
    base::digest tree;
    folder_listing entries;
};
base::result<listed_folder>
list_folder(const std::filesystem::path& folder,
            const std::function<base::result<base::digest>(const std::filesystem::path&)>& look);

} // namespace uk::build
