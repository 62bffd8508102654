// uk-fetch: the part of uk that talks to strangers, as a program of its own: downloads one file, or unpacks one archive.
// uk starts it when it has to; so uk itself starts without curl's and libarchive's thirty libraries, and what a hostile
// server or archive could break is a child process.
//
//   uk-fetch get URL FILE LIMIT      the body into FILE, at most LIMIT bytes
//   uk-fetch unpack ARCHIVE FOLDER   a tar or zip archive into an empty folder
// Status 0: done. 1: refused or failed, with one line of why on standard error.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "registry/fetch/fetch.hpp"

int main(int count, char** words) {
    std::string problem = "usage: uk-fetch get URL FILE LIMIT | uk-fetch unpack ARCHIVE FOLDER";
    if (count == 5 && std::strcmp(words[1], "get") == 0)
        problem = uk::registry::download(words[2], words[3], std::strtoll(words[4], nullptr, 10));
    if (count == 4 && std::strcmp(words[1], "unpack") == 0) problem = uk::registry::unpack(words[2], words[3]);
    if (problem.empty()) return 0;
    std::fprintf(stderr, "%s\n", problem.c_str());
    return 1;
}
