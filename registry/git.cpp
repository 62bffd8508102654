#include "registry/git.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "registry/helper.hpp"

namespace uk::registry {

namespace fs = std::filesystem;
using base::fail;
using base::result;
using base::status;

namespace {

std::string short_digest(const std::string& text) { return base::digest_of(text).hash.hex().substr(0, 16); }

std::string ref_of(const location& from, const std::string& locked) {
    if (!locked.empty() || !from.commit.empty()) return "commit " + (locked.empty() ? from.commit : locked);
    return from.branch.empty() ? "" : "branch " + from.branch;
}

} // namespace

result<checkout> check_out(const location& from, const std::string& locked, const checkout_options& how) {
    const bool is_remote = from.git.find("://") != std::string::npos;
    std::error_code ignored;
    const std::string url =
        is_remote ? from.git : fs::weakly_canonical(how.beside / from.git, ignored).lexically_normal().string();
    const std::string ref = ref_of(from, locked);
    const auto problem = [&](const std::string& why) {
        return fail(status::source, from.where, "`{}` can't be had: {}", from.git, why);
    };
    const auto kept = [&](const std::string& commit) {
        return how.store / "commits" / (from.folder.empty() ? commit : commit + "-" + short_digest(from.folder));
    };
    // A commit that is there needs nobody.
    if (ref.starts_with("commit ") && fs::is_directory(kept(ref.substr(7)), ignored)) {
        base::mark_used(kept(ref.substr(7)));
        return checkout{kept(ref.substr(7)), ref.substr(7)};
    }
    if (!is_remote && !how.offline && !fs::is_directory(url, ignored)) return problem("there is no such folder");
    CHECK(base::make_folders(how.store / "clones"));
    CHECK(base::make_folders(how.store / "commits"));
    const fs::path clone = how.store / "clones" / short_digest(url);
    const auto lock = TRY(base::file_lock::take(clone.string() + ".lock"));
    const auto scratch = TRY(base::scratch_folder::make(how.store));
    std::vector<std::string> words{"git", url, ref, clone.string(), from.folder, (scratch.path() / "tree").string()};
    if (how.offline) words.push_back("offline");
    if (how.progress && !how.offline) how.progress(fmt::format("fetching {}", from.git));
    const answer said = TRY(ask_helper(words));
    if (!said.problem.empty() && how.offline) return problem(said.problem).hint("without --offline it is fetched");
    if (!said.problem.empty()) return problem(said.problem);
    const fs::path to = kept(said.output);
    std::error_code moved;
    if (!fs::is_directory(to)) fs::rename(scratch.path() / "tree", to, moved);
    if (moved && !fs::is_directory(to)) return base::cannot_write(to, moved.value());
    return checkout{to, said.output};
}

} // namespace uk::registry
