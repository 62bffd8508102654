#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include <git2.h>
#include <unistd.h>

#include "registry/fetch/fetch.hpp"
#include "registry/fetch/git_tree.hpp"

namespace uk::registry {

namespace fs = std::filesystem;

namespace {

constexpr unsigned silence = 30; // seconds
constexpr const char* branches = "+refs/heads/*:refs/heads/*";

using repository = std::unique_ptr<git_repository, void (*)(git_repository*)>;
using remote = std::unique_ptr<git_remote, void (*)(git_remote*)>;

// A silent server blocks libgit2 for ever: each sign of life sets the alarm anew.
extern "C" void too_long(int) {
    static constexpr char said[] = "no answer for 30 seconds\n";
    [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, said, sizeof said - 1);
    ::_exit(1);
}

int on_progress(const git_indexer_progress*, void*) { return ::alarm(silence), 0; }
int on_text(const char*, int, void*) { return ::alarm(silence), 0; }

// Nothing of this user's is sent anywhere: no name, no password, no key.
int on_credentials(git_credential**, const char*, const char*, unsigned, void*) {
    git_error_set_str(GIT_ERROR_CALLBACK, "it asks for a name and a password, which this version of uk doesn't give");
    return GIT_EUSER;
}

std::string last_problem(const char* otherwise) {
    const git_error* const last = git_error_last();
    std::string text = last && last->message && *last->message ? last->message : otherwise;
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 32) c = ' ';
    return text;
}

bool is_allowed(const std::string& url) {
    return url.starts_with("https://") || url.starts_with("/") || is_this_machine(url);
}

void set_up() {
    git_libgit2_init();
    // `insteadOf` in somebody's configuration could make http of https.
    for (const int level :
         {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA})
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECTS, std::size_t{2'000'000});
    git_libgit2_opts(GIT_OPT_SET_PACK_MAX_OBJECT_SIZE, std::size_t{512} << 20);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0); // a mirror in a folder may be another user's
    ::signal(SIGALRM, too_long);
}

// The bare clone: opened, or made; one that can't be opened is made anew.
repository open_clone(const std::string& folder) {
    git_repository* made = nullptr;
    if (git_repository_open_bare(&made, folder.c_str()) != 0) {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
        if (git_repository_init(&made, folder.c_str(), 1) != 0) made = nullptr;
    }
    return {made, git_repository_free};
}

std::string fetch_branches(git_repository* into, const git_place& from) {
    git_remote* made = nullptr;
    if (git_remote_create_anonymous(&made, into, from.url.c_str()) != 0) return last_problem("no such repository");
    const remote kept{made, git_remote_free};
    git_fetch_options how = GIT_FETCH_OPTIONS_INIT;
    how.callbacks.transfer_progress = on_progress;
    how.callbacks.sideband_progress = on_text;
    how.callbacks.credentials = on_credentials;
    how.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    how.prune = GIT_FETCH_PRUNE;
    how.update_fetchhead = 0;
    char* one = const_cast<char*>(branches);
    const git_strarray refspecs{&one, 1};
    ::alarm(silence);
    const bool fetched = git_remote_connect(made, GIT_DIRECTION_FETCH, &how.callbacks, nullptr, nullptr) == 0 &&
                         (::alarm(silence), git_remote_fetch(made, &refspecs, &how, nullptr)) == 0;
    ::alarm(0);
    if (!fetched) return last_problem("it can't be fetched");
    git_buf name = GIT_BUF_INIT;
    git_reference* head = nullptr; // the clone's HEAD names the branch that the repository's does
    if (git_remote_default_branch(&name, made) == 0 &&
        git_reference_symbolic_create(&head, into, "HEAD", name.ptr, 1, nullptr) == 0)
        git_reference_free(head);
    git_buf_dispose(&name);
    return "";
}

git_commit* find(git_repository* in, const git_place& from) {
    git_commit* found = nullptr;
    git_oid id;
    const std::string name = from.branch.empty() ? "HEAD" : "refs/heads/" + from.branch;
    if (!from.commit.empty() ? git_oid_fromstr(&id, from.commit.c_str()) != 0
                             : git_reference_name_to_id(&id, in, name.c_str()) != 0)
        return nullptr;
    return git_commit_lookup(&found, in, &id) == 0 ? found : nullptr;
}

std::string read_place(const git_place& from, const std::string& to, std::string& found) {
    const repository clone = open_clone(from.clone);
    if (!clone) return "the clone can't be made: " + last_problem("");
    git_commit* commit = from.commit.empty() ? nullptr : find(clone.get(), from); // never changes
    if (!commit && !from.offline)
        if (auto problem = fetch_branches(clone.get(), from); !problem.empty()) return problem;
    if (!commit) commit = find(clone.get(), from);
    const std::unique_ptr<git_commit, void (*)(git_commit*)> kept{commit, git_commit_free};
    if (!commit && from.offline) return "it hasn't been fetched yet";
    if (!commit && !from.commit.empty()) return "none of its branches has the commit " + from.commit;
    if (!commit)
        return from.branch.empty() ? "it has no branch that its HEAD names" : "it has no branch `" + from.branch + "`";
    char name[GIT_OID_HEXSZ + 1];
    found = git_oid_tostr(name, sizeof name, git_commit_id(commit));
    return write_tree(clone.get(), commit, from.folder, to);
}

} // namespace

std::string check_out(const git_place& from, const std::string& to, std::string& found) {
    if (!is_allowed(from.url)) return "only https and folders are fetched from (http from this machine alone)";
    set_up();
    std::string problem = read_place(from, to, found);
    std::error_code ignored;
    if (!problem.empty()) fs::remove_all(to, ignored);
    git_libgit2_shutdown();
    return problem;
}

} // namespace uk::registry
