#include "build/shell.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace uk::build {

namespace {

bool is_plain(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view{"_-+=./,:@%^"}.find(c) != std::string_view::npos;
}

} // namespace

std::string shell_line(const std::vector<std::string>& arguments) {
    std::string line;
    for (const std::string& word : arguments) {
        if (!line.empty()) line += ' ';
        if (!word.empty() && std::ranges::all_of(word, is_plain)) {
            line += word;
            continue;
        }
        line += '\'';
        for (const char c : word) line += c == '\'' ? std::string{"'\\''"} : std::string{c};
        line += '\'';
    }
    return line;
}

} // namespace uk::build
