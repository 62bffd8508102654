#include "registry/helper.hpp"

#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "base/process.hpp"
#include "base/text.hpp"

namespace uk::registry {

namespace fs = std::filesystem;
using base::error;
using base::result;
using base::status;

namespace {

// In libexec/uk/ of an installed tree, beside uk in a build tree.
std::optional<fs::path> find(const std::string& name) {
    std::error_code ignored;
    const fs::path here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (const fs::path& place :
         {here / name, here.parent_path() / "libexec/uk" / name, here.parent_path() / "bin" / name}) {
        if (fs::exists(place, ignored)) return place;
    }
    return std::nullopt;
}

} // namespace

result<fs::path> find_helper() {
    if (const auto place = find("uk-fetch")) return *place;
    return error{
        status::environment, "`uk-fetch` isn't where uk was installed", {}, "install uk whole: `cmake --install`"};
}

result<fs::path> find_remote_helper() {
    if (const auto place = find("uk-remote")) return *place;
    return error{status::environment,
                 "`uk-remote`, which speaks gRPC, isn't where uk was installed",
                 {},
                 "uk was built without gRPC: `apt-get install libgrpc++-dev libprotobuf-dev protobuf-compiler "
                 "protobuf-compiler-grpc`, and build uk again"};
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
