#include "registry/helper.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/process.hpp"
#include "base/text.hpp"

namespace uk::registry {

namespace fs = std::filesystem;
using base::error;
using base::result;
using base::status;

// uk-fetch lies in libexec/uk/ of an installed tree, beside uk in a build tree.
result<fs::path> find_helper() {
    std::error_code ignored;
    const fs::path here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const fs::path& place :
         {here / "uk-fetch", here.parent_path() / "libexec/uk/uk-fetch", here.parent_path() / "bin/uk-fetch"}) {
        if (fs::exists(place, ignored)) return place;
    }
    return error{
        status::environment, "`uk-fetch` isn't where uk was installed", {}, "install uk whole: `cmake --install`"};
}

result<answer> ask_helper(const std::vector<std::string>& words) {
    std::vector<std::string> all{TRY(find_helper()).string()};
    all.insert(all.end(), words.begin(), words.end());
    const base::finished done =
        TRY(base::run({.arguments = all, .environment = {}, .folder = {}, .input = {}, .timeout_seconds = 3600}));
    if (base::is_interrupted()) return error{status::interrupted, "interrupted"};
    answer made{std::string{done.status == 0 ? "" : base::trim(done.errors)}, std::string{base::trim(done.output)}};
    if (made.problem == "the disk is full")
        return error{status::environment, made.problem, {}, "make room where `$UK_HOME` lies"};
    if (done.status != 0 && made.problem.empty())
        made.problem = fmt::format("uk-fetch ended with status {}", done.status);
    return made;
}

} // namespace uk::registry
