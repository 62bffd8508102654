// A folder of the host as a REAPI Directory: its tree's digest, with each file's looked up by whoever knows it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/digest.hpp"
#include "base/result.hpp"

namespace uk::build {

/// `keep`, if there is one, is given each Directory's bytes. Errors: input: a symbolic link or special file (named); whatever `look` says.
base::result<base::digest>
tree_of_folder(const std::filesystem::path& folder,
               const std::function<base::result<base::digest>(const std::filesystem::path&)>& look,
               const std::function<void(const base::digest&, std::string)>& keep = {});

} // namespace uk::build
