// uk-fetch: the part of uk that talks to strangers, as a program of its own: downloads one file, or unpacks one archive.
// uk starts it when it has to; so uk itself starts without curl's and libarchive's thirty libraries, and what a hostile
// server or archive could break is a child process.
//
//   uk-fetch get URL FILE LIMIT [SECONDS]   the body into FILE, at most LIMIT bytes; silence of 30 SECONDS ends it
//   uk-fetch unpack ARCHIVE FOLDER         a tar or zip archive into an empty folder
// Status 0: done. 1: refused or failed, with one line of why on standard error.
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "registry/fetch/fetch.hpp"

int main(int count, char** words) {
    std::string problem = "usage: uk-fetch get URL FILE LIMIT [SECONDS] | uk-fetch unpack ARCHIVE FOLDER";
    std::setlocale(LC_CTYPE, "C.UTF-8"); // libarchive: names of archives are UTF-8
    if ((count == 5 || count == 6) && std::strcmp(words[1], "get") == 0) {
        const long silence = count == 6 ? std::strtol(words[5], nullptr, 10) : 30;
        problem = uk::registry::download(words[2], words[3], std::strtoll(words[4], nullptr, 10), silence);
    }
    if (count == 4 && std::strcmp(words[1], "unpack") == 0) problem = uk::registry::unpack(words[2], words[3]);
    if (problem.empty()) return 0;
    std::fprintf(stderr, "%s\n", problem.c_str());
    return 1;
}
