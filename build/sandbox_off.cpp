// Without protection: the same folders and files, but on the host and with all of it in reach.
#include <fcntl.h>
#include <fmt/format.h>

#include "base/file.hpp"
#include "base/process.hpp"
#include "build/sandbox.hpp"
#include "build/sandbox_outputs.hpp"

namespace uk::build {

namespace fs = std::filesystem;
using base::descriptor;
using base::result;

result<sandbox_result> run_unprotected(const sandbox_request& what) {
    const auto scratch = TRY(base::scratch_folder::make(what.place));
    const fs::path& root = scratch.path();
    for (const auto& folder : what.folders) {
        CHECK(base::make_folders((root / folder.path).parent_path()));
        std::error_code error;
        fs::create_directory_symlink(folder.from, root / folder.path, error);
        if (error)
            return base::fail(base::status::environment, {(root / folder.path).string(), 0, 0}, "can't be made: {}",
                              error.message());
    }
    for (const auto& file : what.files) {
        CHECK(base::make_folders((root / file.path).parent_path()));
        CHECK(base::write_file(root / file.path, file.content, file.executable));
    }
    for (const std::string& output : what.outputs) CHECK(base::make_folders((root / output).parent_path()));
    for (const std::string& output : what.output_folders) CHECK(base::make_folders(root / output));
    for (const std::string& folder : what.empty_folders) CHECK(base::make_folders(root / folder));
    const base::finished ended =
        TRY(base::run({.arguments = what.arguments, .environment = what.environment, .folder = root, .input = {}}));
    if (base::is_interrupted()) return base::error{base::status::interrupted, "interrupted"};
    sandbox_result answer{.status = ended.status, .said = ended.output + ended.errors};
    const descriptor build{::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (answer.status == 0) take_outputs(build.number(), what, answer);
    return answer;
}

} // namespace uk::build
