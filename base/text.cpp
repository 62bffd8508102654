#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace uk::base {

namespace {

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each at cost 1.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

struct unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array<unit, 5> size_units{
    {{"GiB", 1ull << 30}, {"MiB", 1ull << 20}, {"KiB", 1ull << 10}, {"B", 1}, {"", 1}}};
constexpr std::array<unit, 6> duration_units{{{"h", 3'600'000'000'000},
                                              {"min", 60'000'000'000},
                                              {"s", 1'000'000'000},
                                              {"ms", 1'000'000},
                                              {"us", 1'000},
                                              {"ns", 1}}};

// Digits and a unit, at most 2^63 - 1 altogether.
std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const unit> units) {
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{}) return std::nullopt;
    const auto name = text.substr(static_cast<std::size_t>(end - text.data()));
    const auto found = std::find_if(units.begin(), units.end(), [&](const unit& u) { return u.name == name; });
    if (found == units.end()) return std::nullopt;
    std::uint64_t product = 0;
    if (__builtin_mul_overflow(number, found->factor, &product)) return std::nullopt;
    if (product > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    return product;
}

std::string format_with_unit(std::uint64_t number, std::span<const unit> units) {
    for (const auto& u : units)
        if (number % u.factor == 0) return fmt::format("{}{}", number / u.factor, u.name);
    return fmt::format("{}", number);
}

} // namespace

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates) {
    const std::size_t most = std::max<std::size_t>(1, name.size() / 3);
    if (name.empty() || name.size() > 100) return std::nullopt;
    std::optional<std::string> best;
    std::size_t best_distance = most + 1;
    for (const auto& candidate : candidates) {
        if (candidate.size() > name.size() + most || candidate.size() + most < name.size()) continue;
        if (const auto d = distance(name, candidate); d < best_distance && d < candidate.size()) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
    const auto found = nearest(name, candidates);
    return found ? fmt::format("; did you mean `{}`?", *found) : "";
}

std::string printable(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    while (!text.empty()) {
        const auto read = utf8::next(text);
        if (read && !utf8::is_control(read->point)) {
            safe.append(text.substr(0, read->length));
            text.remove_prefix(read->length);
            continue;
        }
        for (std::size_t i = 0; i < (read ? read->length : 1); ++i)
            safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
        text.remove_prefix(read ? read->length : 1);
    }
    return safe;
}

std::optional<std::uint64_t> parse_size(std::string_view text) { return parse_with_unit(text, size_units); }

std::string format_size(std::uint64_t bytes) { return bytes == 0 ? "0B" : format_with_unit(bytes, size_units); }

std::optional<std::int64_t> parse_duration(std::string_view text) {
    if (text == "0") return 0;
    const auto read = parse_with_unit(text, duration_units);
    if (!read) return std::nullopt;
    return static_cast<std::int64_t>(*read);
}

std::string format_duration(std::int64_t nanoseconds) {
    if (nanoseconds == 0) return "0s";
    if (nanoseconds < 0) return "-" + format_with_unit(0 - static_cast<std::uint64_t>(nanoseconds), duration_units);
    return format_with_unit(static_cast<std::uint64_t>(nanoseconds), duration_units);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string all;
    for (const auto& part : parts) {
        if (&part != parts.data()) all += separator;
        all += part;
    }
    return all;
}

bool lies_in(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string_view trim(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string identifier(std::string_view name) {
    std::string made{name};
    for (auto& c : made)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) c = '_';
    return made;
}

} // namespace uk::base
