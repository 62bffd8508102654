// uk-fetch: the part of uk that talks to strangers, as a program of its own: downloads one file, or unpacks one archive.
// uk starts it when it has to; so uk itself starts without curl's and libarchive's thirty libraries, and what a hostile
// server or archive could break is a child process.
//
//   uk-fetch get URL FILE LIMIT [SECONDS]   the body into FILE, at most LIMIT bytes; silence of 30 SECONDS ends it
//   uk-fetch unpack ARCHIVE FOLDER [GLOB]...
//                                          a tar or zip archive, or a Debian package, into a folder; only what the GLOBs match
//   uk-fetch git URL REF CLONE PART TO [offline]
//                                          the files of a commit into TO, and its name on standard output. REF: `branch NAME`,
//                                          `commit NAME` or nothing; PART: a folder of the repository, or nothing
//   uk-fetch cache URL SECONDS             a shared cache's other side, over standard input, which is a socket
// Status 0: done. 1: refused or failed, with one line of why on standard error.
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "registry/fetch/fetch.hpp"

int main(int count, char** words) {
    std::string problem = "usage: uk-fetch get URL FILE LIMIT [SECONDS] | uk-fetch unpack ARCHIVE FOLDER [GLOB]..."
                          " | uk-fetch git URL REF CLONE PART TO [offline] | uk-fetch cache URL SECONDS";
    std::setlocale(LC_CTYPE, "C.UTF-8"); // libarchive: names of archives are UTF-8
    if ((count == 5 || count == 6) && std::strcmp(words[1], "get") == 0) {
        const long silence = count == 6 ? std::strtol(words[5], nullptr, 10) : 30;
        problem = uk::registry::download(words[2], words[3], std::strtoll(words[4], nullptr, 10), silence);
    }
    if (count == 4 && std::strcmp(words[1], "cache") == 0)
        uk::registry::serve_cache(words[2], std::strtol(words[3], nullptr, 10));
    if (count >= 4 && std::strcmp(words[1], "unpack") == 0)
        problem = uk::registry::unpack(words[2], words[3], {words + 4, words + count});
    if ((count == 7 || count == 8) && std::strcmp(words[1], "git") == 0) {
        uk::registry::git_place from{
            .url = words[2], .branch = "", .commit = "", .clone = words[4], .folder = words[5]};
        from.offline = count == 8;
        const std::string ref = words[3];
        if (ref.starts_with("branch ")) from.branch = ref.substr(7);
        if (ref.starts_with("commit ")) from.commit = ref.substr(7);
        std::string commit;
        problem = uk::registry::check_out(from, words[6], commit);
        if (problem.empty()) std::puts(commit.c_str());
    }
    if (problem.empty()) return 0;
    std::fprintf(stderr, "%s\n", problem.c_str());
    return 1;
}
