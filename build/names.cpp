#include "build/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace uk::build {

namespace {

// Words that a label may well be called and that C++ keeps for itself (ISO C++23, [lex.key], those in lower case).
constexpr std::array keywords = {
    "alignas",  "alignof",   "and",       "asm",      "auto",     "bool",      "break",     "case",      "catch",
    "char",     "class",     "compl",     "concept",  "const",    "consteval", "constexpr", "constinit", "continue",
    "decltype", "default",   "delete",    "do",       "double",   "else",      "enum",      "explicit",  "export",
    "extern",   "false",     "float",     "for",      "friend",   "goto",      "if",        "inline",    "int",
    "long",     "mutable",   "namespace", "new",      "noexcept", "not",       "nullptr",   "operator",  "or",
    "private",  "protected", "public",    "register", "requires", "return",    "short",     "signed",    "sizeof",
    "static",   "struct",    "switch",    "template", "this",     "throw",     "true",      "try",       "typedef",
    "typeid",   "typename",  "union",     "unsigned", "using",    "virtual",   "void",      "volatile",  "while",
    "xor"};

} // namespace

std::string cpp_name(std::string_view name) {
    std::string result;
    if (!name.empty() && std::isdigit(static_cast<unsigned char>(name.front()))) result = "n";
    for (const char c : name) result += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    if (std::ranges::find(keywords, result) != keywords.end()) result += '_';
    return result;
}

std::string cpp_string(std::string_view text) {
    std::string result = "\"";
    for (const unsigned char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
            result += static_cast<char>(c);
        } else if (c < 0x20 || c == 0x7f) {
            result += fmt::format("\\{:03o}", c);
        } else {
            result += static_cast<char>(c);
        }
    }
    return result + '"';
}

} // namespace uk::build
