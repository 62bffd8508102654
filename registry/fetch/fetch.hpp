// What uk-fetch does. Each returns "" or one line of why not; none throws.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace uk::registry {

/// https only, http for this machine alone; at most 5 redirects, `limit` bytes, `silence` seconds without a byte. What may
/// pass by itself (no connection, a cut body, 429 and 5xx) is tried three times. $SSL_CERT_FILE: other authorities.
std::string download(const std::string& url, const std::string& file, std::int64_t limit, long silence);

/// Regular files, folders, and links to files inside (as copies). Anything that points or lies outside, appears twice, is a
/// device, or is too much (512 MiB or 20 times the archive, 100,000 entries) refuses the whole archive. Modes become 0644
/// or 0755. A single top folder is stripped. Of a Debian package (.deb) the files that it installs, at their own paths; its links may also
/// point to what `folder` has already. `only`: globs of what is taken, of paths as the archive has them; each has to match something.
std::string unpack(const std::string& archive, const std::string& folder, const std::vector<std::string>& only);

/// Is it `http:` to this machine alone?
bool is_this_machine(const std::string& url);

/// Where a git repository is to be read.
struct git_place {
    std::string url; ///< https:, http: of this machine, or a folder (absolute)
    std::string branch, commit; ///< at most one; neither: the branch that the repository's HEAD names
    std::string clone; ///< bare, kept from one time to the next; what is damaged is fetched anew
    std::string folder; ///< in the repository; empty: its root
    bool offline = false; ///< only what the clone has
};

/// The files of a commit, written to `to`, which must not exist; `found` becomes the commit's name. Regular files only: a link, a submodule, a
/// name that could lie elsewhere, or too much (100,000 entries, 512 MiB, 32 folders deep) refuses all of it. Thirty seconds of silence end
/// the program.
std::string check_out(const git_place& from, const std::string& to, std::string& found);

/// Stands between uk and a cache that speaks HTTP as Bazel's remote caches do: URL/ac/SHA256, URL/cas/SHA256, GET and PUT
/// (registry/fetch/cache_protocol.hpp). https only, http for this machine alone; follows no redirection. Whom it says it
/// is comes from the file that $UK_CACHE_TOKEN_FILE names, else from $NETRC or ~/.netrc. Ends the program.
[[noreturn]] void serve_cache(const std::string& url, long silence);

} // namespace uk::registry
