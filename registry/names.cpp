#include "registry/names.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace uk::registry {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

} // namespace

std::string name_problem(std::string_view text, bool with_dots) {
    if (text.empty()) return "it is empty";
    if (text.size() > 64) return "it is longer than 64 characters";
    if (!is_lower(text[0]) && !is_digit(text[0])) return "it has to begin with a lower-case letter or a digit";
    for (const char c : text) {
        if (c == '.' && !with_dots) return "it can't hold a dot";
        if (!is_lower(c) && !is_digit(c) && c != '-' && c != '.' && c != '_' && c != '+')
            return "names are made of lower-case letters, digits, `-`, `_`, `+`" +
                   std::string{with_dots ? " and `.`" : ""};
    }
    return "";
}

bool is_name(std::string_view text) { return name_problem(text, true).empty(); }
bool is_label(std::string_view text) { return name_problem(text, false).empty(); }

std::optional<std::string> normal_path(std::string_view text) {
    if (text == "." || text == "./") return ".";
    while (text.starts_with("./")) text.remove_prefix(2);
    if (text.ends_with('/')) text.remove_suffix(1);
    if (text.empty() || text.size() > 1024) return std::nullopt;
    if (text.find('\\') != std::string_view::npos || base::printable(text) != text) return std::nullopt;
    for (auto part : base::split(text, '/'))
        if (part.empty() || part == "." || part == "..") return std::nullopt;
    return std::string{text};
}

bool is_identifier(std::string_view text) {
    return !text.empty() && is_letter(text[0]) &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_qualified_identifier(std::string_view text) {
    while (true) {
        const auto at = text.find("::");
        if (!is_identifier(text.substr(0, at))) return false;
        if (at == std::string_view::npos) return true;
        text.remove_prefix(at + 2);
    }
}

bool is_header(std::string_view text) {
    return normal_path(text) == text && std::all_of(text.begin(), text.end(), [](char c) {
               return is_letter(c) || is_digit(c) || c == '/' || c == '.' || c == '-' || c == '+';
           });
}

std::optional<std::int64_t> parse_integer(std::string_view text, bool& out_of_range) {
    out_of_range = false;
    const bool negative = text.starts_with('-');
    auto digits = text.substr(negative ? 1 : 0);
    const int base = digits.starts_with("0x") ? 16 : 10;
    if (base == 16) digits.remove_prefix(2);
    if (digits.empty() || digits[0] == '-' || digits[0] == '+' || (base == 10 && digits.size() > 1 && digits[0] == '0'))
        return std::nullopt;
    std::int64_t number = 0;
    const auto whole = (negative ? "-" : "") + std::string{digits};
    const auto [end, problem] = std::from_chars(whole.data(), whole.data() + whole.size(), number, base);
    if (end != whole.data() + whole.size()) return std::nullopt;
    out_of_range = problem == std::errc::result_out_of_range;
    if (problem != std::errc{}) return std::nullopt;
    return number;
}

} // namespace uk::registry
