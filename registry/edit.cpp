#include "registry/edit.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "registry/recipe.hpp"

namespace uk::registry {

using base::fail;
using base::result;
using base::status;

namespace {

// Lines with their ends, so that joining them gives the text.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    if (!lines.empty() && !lines.back().ends_with('\n')) lines.back() += '\n';
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& one : lines) text += one;
    return text;
}

std::size_t indent_of(const std::string& line) { return std::min(line.find_first_not_of(" "), line.size()); }
bool says_nothing(const std::string& line) {
    const auto text = base::trim(line);
    return text.empty() || text.starts_with('#');
}

std::vector<std::string>::iterator key_line(std::vector<std::string>& lines, std::string_view key) {
    return std::ranges::find_if(lines, [&](const std::string& one) { return one.starts_with(key); });
}

// Where the flow sequence that opens at `from` closes: npos if it doesn't.
std::size_t end_of_flow(std::string_view text, std::size_t from, bool at_comma) {
    int depth = 0;
    char quote = 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        const char c = text[i];
        if (quote) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '#' && i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\n')) {
            i = std::min(text.find('\n', i), text.size());
        } else if (c == '[' || c == '{') {
            ++depth;
        } else if (c == ']' || c == '}') {
            if (--depth < (at_comma ? 0 : 1)) return i;
        } else if (at_comma && depth == 0 && c == ',') {
            return i;
        }
    }
    return std::string_view::npos;
}

base::error not_understood(const std::string& file, const std::string& by_hand) {
    return base::error{
        status::input, "`requires:` is written in a way that can't be changed here", {file, 0, 0}, by_hand};
}

std::vector<std::string> names_of(const recipe& manifest) {
    std::vector<std::string> names;
    for (const require& one : manifest.requires_)
        names.push_back(one.choices.size() == 1 ? one.choices.front().component.name : "");
    return names;
}

// The change did what it should, and nothing else.
result<std::string> checked(std::string text, const std::string& file, std::vector<std::string> expected,
                            const std::string& by_hand) {
    const auto read = parse_manifest(text, file);
    if (!read || names_of(*read) != expected) return not_understood(file, by_hand);
    return text;
}

} // namespace

result<std::string> add_require(std::string_view text, const std::string& file, const std::string& name,
                                const std::string& versions) {
    std::vector<std::string> expected = names_of(TRY(parse_manifest(text, file)));
    if (std::ranges::find(expected, name) != expected.end())
        return fail(status::input, {file, 0, 0}, "`{}` is required already", name);
    expected.push_back(name);
    const std::string entry = fmt::format(
        "{}: {}", name, versions.find_first_of("*>,") == std::string::npos ? versions : '"' + versions + '"');
    const std::string by_hand = fmt::format("add `- {}` to it by hand", entry);
    std::vector<std::string> lines = lines_of(text);
    const auto at = key_line(lines, "requires:");
    if (at == lines.end()) {
        auto targets = key_line(lines, "targets:");
        while (targets != lines.begin() && std::prev(targets)->starts_with('#')) --targets; // its comment stays with it
        lines.insert(targets, fmt::format("requires:\n  - {}\n", entry));
        return checked(joined(lines), file, expected, by_hand);
    }
    std::string_view rest = base::trim(std::string_view{*at}.substr(9));
    if (rest.starts_with('[')) {
        std::string whole = joined(lines);
        const std::size_t open = joined({lines.begin(), at}).size() + at->find('[');
        const std::size_t close = end_of_flow(whole, open, false);
        if (close == std::string::npos) return not_understood(file, by_hand);
        const auto last = whole.find_last_not_of(" \n", close - 1);
        whole.insert(last + 1, last == open ? entry : (whole[last] == ',' ? " " : ", ") + entry);
        return checked(std::move(whole), file, expected, by_hand);
    }
    auto behind = at + 1; // the last line of the list
    std::size_t indent = std::string::npos;
    for (auto one = at + 1; one != lines.end(); ++one) {
        if (says_nothing(*one)) continue;
        const bool is_item = base::trim(*one).starts_with('-');
        if (indent == std::string::npos && is_item) indent = indent_of(*one);
        if (indent == std::string::npos || indent_of(*one) < indent || (indent_of(*one) == indent && !is_item)) break;
        behind = one + 1;
    }
    if (indent == std::string::npos) return not_understood(file, by_hand);
    lines.insert(behind, fmt::format("{}- {}\n", std::string(indent, ' '), entry));
    return checked(joined(lines), file, expected, by_hand);
}

result<std::string> remove_require(std::string_view text, const std::string& file, const std::string& name) {
    const recipe manifest = TRY(parse_manifest(text, file));
    std::vector<std::string> expected = names_of(manifest);
    const auto found = std::ranges::find(expected, name);
    if (found == expected.end())
        return fail(status::input, {file, 0, 0}, "`requires:` has no `{}`{}", name, base::did_you_mean(name, expected));
    const base::place where = manifest.requires_[static_cast<std::size_t>(found - expected.begin())].where;
    expected.erase(found);
    const std::string by_hand = fmt::format("take the line {} out by hand", where.text());
    std::vector<std::string> lines = lines_of(text);
    const auto at = key_line(lines, "requires:");
    const auto entry = lines.begin() + (where.line - 1);
    if (at == lines.end()) return not_understood(file, by_hand);
    if (base::trim(std::string_view{*at}.substr(9)).starts_with('[')) {
        if (expected.empty() && entry == at) {
            lines.erase(at);
            return checked(joined(lines), file, expected, by_hand);
        }
        std::string whole = joined(lines);
        std::size_t from = joined({lines.begin(), entry}).size() + static_cast<std::size_t>(where.column - 1);
        std::size_t to = end_of_flow(whole, from, true);
        if (to == std::string::npos) return not_understood(file, by_hand);
        if (whole[to] == ',') to = whole.find_first_not_of(" ", to + 1);
        else if (const auto comma = whole.find_last_not_of(" \n", from - 1); whole[comma] == ',') from = comma;
        whole.erase(from, to - from);
        return checked(std::move(whole), file, expected, by_hand);
    }
    auto end = entry + 1;
    while (end != lines.end() && !says_nothing(*end) && indent_of(*end) > indent_of(*entry)) ++end;
    lines.erase(entry, end);
    if (expected.empty()) lines.erase(key_line(lines, "requires:"));
    return checked(joined(lines), file, expected, by_hand);
}

} // namespace uk::registry
