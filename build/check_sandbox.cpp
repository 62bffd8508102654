#include "base/file.hpp"
#include "build/engine.hpp"
#include "build/sandbox.hpp"

namespace uk::build {

base::result<void> check_sandbox() {
    const auto place = TRY(base::scratch_folder::make(std::filesystem::temp_directory_path()));
    // The smallest program that is always there: the dynamic loader, asked for its version.
    constexpr const char* loader = "/lib64/ld-linux-x86-64.so.2";
    sandbox_request request{.arguments = {loader, "--version"}, .environment = {}, .mounts = {loader}};
    request.place = place.path();
    const sandbox_result ran = TRY(run_in_sandbox(request));
    if (ran.status != 0)
        return base::fail(base::status::environment, {}, "a program in the sandbox ended with status {}: {}",
                          ran.status, ran.said);
    return {};
}

} // namespace uk::build
