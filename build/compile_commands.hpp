// What editors need: compile_commands.json in the project's folder. A command is the one that the sandbox runs, with the
// paths of the sandbox mapped to where the files really lie. Nothing of it is an input of any action.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "build/engine.hpp"

namespace uk::build {

struct editor_files {
    std::filesystem::path database; ///< compile_commands.json beside uk.yaml
    std::filesystem::path place; ///< in the store, of this project alone: a folder for each variant
    editor_files(const std::filesystem::path& project, const store& kept);
};

/// Writes <place>/<variant>/compile_commands.json for each variant of `what`, and beside it the files that exist in no
/// folder of people's: generated and made headers. The one of variant `shown` is copied to the project's folder, as is the
/// first one if there is none yet; a file of that name that isn't ours stays as it is. Same files stay untouched.
base::result<void> write_compile_commands(const plan& what, const outcome& done, store& from, const editor_files& to,
                                          const std::string& shown);

} // namespace uk::build
