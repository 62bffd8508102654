#include <uk/http/files.hpp>

#include <bit>
#include <cstring>

#include <uk/http/text.hpp>

namespace uk::http {
namespace {

using namespace std::literals; // a length that is known needs no strlen

/// Extension and type in each line. One text is smaller than a table of them.
constexpr std::string_view types = "html text/html; charset=utf-8\n"
                                   "css text/css; charset=utf-8\n"
                                   "js text/javascript; charset=utf-8\n"
                                   "svg image/svg+xml\n"
                                   "png image/png\n"
                                   "jpg image/jpeg\n"
                                   "txt text/plain; charset=utf-8\n"
                                   "json application/json\n"
                                   "htm text/html; charset=utf-8\n"
                                   "ico image/x-icon\n"
                                   "jpeg image/jpeg\n"
                                   "gif image/gif\n"
                                   "webp image/webp\n"
                                   "avif image/avif\n"
                                   "mjs text/javascript; charset=utf-8\n"
                                   "md text/markdown; charset=utf-8\n"
                                   "xml application/xml\n"
                                   "wasm application/wasm\n"
                                   "woff2 font/woff2\n"
                                   "woff font/woff\n"
                                   "pdf application/pdf\n"
                                   "mp4 video/mp4\n"
                                   "webmanifest application/manifest+json\n";

using tag_text = std::array<char, 18>;

std::string_view write_tag(std::uint64_t sum, tag_text& out) {
    out.front() = out.back() = '"';
    // Each half's digits at once, a byte for each, the lowest in the lowest byte.
    for (std::size_t at = 9; at <= 9; at -= 8, sum >>= 32) {
        std::uint64_t digits = sum & 0xffffffff;
        digits = (digits | digits << 16) & 0x0000ffff0000ffff;
        digits = (digits | digits << 8) & 0x00ff00ff00ff00ff;
        digits = (digits | digits << 4) & 0x0f0f0f0f0f0f0f0f;
        const std::uint64_t letters = (digits + 0x0606060606060606) >> 4 & 0x0101010101010101;
        digits += 0x3030303030303030 + letters * ('a' - '0' - 10);
        if constexpr (std::endian::native == std::endian::little) digits = std::byteswap(digits);
        std::memcpy(&out[at], &digits, sizeof digits);
    }
    return {out.data(), out.size()};
}

/// Whether one of the tags in all fields of that name is `tag`; weakly: `W/` in front doesn't matter (RFC 9110, 8.8.3.2).
bool matches(const request& asked, std::string_view field, std::string_view tag, bool weakly) {
    bool found = false;
    asked.fields().each([&](std::string_view name, std::string_view value) {
        if (!same_text(name, field)) return true;
        for (std::string_view one = next_element(value); !one.empty() && !found; one = next_element(value)) {
            if (weakly && one.starts_with("W/")) one.remove_prefix(2);
            found = one == tag || one == "*";
        }
        return !found;
    });
    return found;
}

enum class range_kind : std::uint8_t { whole, part, nothing };

/// `bytes=FIRST-LAST`, `bytes=FIRST-`, `bytes=-COUNT` (RFC 9110, 14.1.2). What can't be read, and several, is the whole.
range_kind read_range(std::string_view text, std::uint64_t size, detail::part& out) {
    const std::size_t equals = text.find('=');
    if (equals == text.npos || !same_text(text.substr(0, equals), "bytes")) return range_kind::whole;
    std::string_view list = text.substr(equals + 1);
    const std::string_view one = next_element(list);
    if (!next_element(list).empty()) return range_kind::whole;
    const std::size_t dash = one.find('-');
    if (dash == one.npos) return range_kind::whole;
    const std::string_view first_text = one.substr(0, dash), last_text = one.substr(dash + 1);
    const auto first = read_number(first_text), last = read_number(last_text);
    if ((!first && !first_text.empty()) || (!last && !last_text.empty())) return range_kind::whole;
    if (!first) {
        if (!last) return range_kind::whole;
        if (*last == 0 || size == 0) return range_kind::nothing;
        out.count = *last < size ? *last : size;
        out.first = size - out.count;
        return range_kind::part;
    }
    if (last && *last < *first) return range_kind::whole;
    if (*first >= size) return range_kind::nothing;
    out.first = *first;
    out.count = (last && *last < size - 1 ? *last + 1 : size) - *first;
    return range_kind::part;
}

void put_content_range(response& answer, const detail::part* part, std::uint64_t size) {
    char text[80], digits[20];
    std::size_t used = 0;
    const auto add = [&](std::string_view more) {
        std::memcpy(text + used, more.data(), more.size());
        used += more.size();
    };
    add("bytes ");
    if (part) {
        add(write_number(part->first, digits));
        add("-");
        add(write_number(part->first + part->count - 1, digits));
    } else {
        add("*");
    }
    add("/");
    add(write_number(size, digits));
    answer.add("Content-Range"sv, {text, used});
}

} // namespace

std::string_view type_of(std::string_view name) {
    const char* const end = name.data() + name.size();
    const char* extension = end;
    while (extension > name.data() && extension[-1] != '.') --extension;
    if (extension == name.data()) extension = end; // no dot
    const char* const types_end = types.data() + types.size();
    for (const char* line = types.data(); line < types_end;) {
        const char* c = extension;
        while (c < end && *line != ' ' && (*c | 0x20) == *line) ++c, ++line;
        const auto* const line_end =
            static_cast<const char*>(std::memchr(line, '\n', static_cast<std::size_t>(types_end - line)));
        if (c == end && c > extension && *line == ' ') return {line + 1, static_cast<std::size_t>(line_end - line - 1)};
        line = line_end + 1;
    }
    return "application/octet-stream";
}

namespace detail {

void content_sum::add(std::span<const char> bytes) {
    const auto mix = [this](std::uint64_t word) {
        sum_ = (sum_ ^ word) * 0xff51afd7ed558ccd;
        sum_ ^= sum_ >> 32;
    };
    size_ += bytes.size();
    std::uint64_t word;
    while (bytes.size() >= sizeof word) {
        std::memcpy(&word, bytes.data(), sizeof word);
        mix(word);
        bytes = bytes.subspan(sizeof word);
    }
    if (bytes.empty()) return;
    word = 0;
    std::memcpy(&word, bytes.data(), bytes.size());
    mix(word);
}

std::uint64_t content_sum::result() const {
    std::uint64_t sum = (sum_ ^ size_) * 0xc4ceb9fe1a85ec53;
    sum ^= sum >> 29;
    return sum ? sum : 1;
}

std::uint64_t kept_sums::key_of(const void* store, std::string_view name) {
    content_sum sum;
    sum.add({reinterpret_cast<const char*>(&store), sizeof store});
    sum.add({name.data(), name.size()});
    return sum.result();
}

std::uint64_t kept_sums::find(const void* store, std::string_view name) const {
    const std::uint64_t key = key_of(store, name);
    const one& kept = kept_[key % kept_.size()];
    return kept.key == key ? kept.sum : 0;
}

void kept_sums::keep(const void* store, std::string_view name, std::uint64_t sum) {
    const std::uint64_t key = key_of(store, name);
    kept_[key % kept_.size()] = {key, sum};
}

std::string_view file_name(std::string_view path, std::span<char, longest_name> out) {
    constexpr std::string_view index = "index.html";
    std::string_view name = path.substr(1);
    const bool folder = path.ends_with('/');
    if (name.size() + (folder ? index.size() : 0) > out.size()) return {};
    std::memcpy(out.data(), name.data(), name.size());
    if (folder) std::memcpy(out.data() + name.size(), index.data(), index.size());
    return {out.data(), name.size() + (folder ? index.size() : 0)};
}

result<bool> check_method(const request& asked, response& answer) {
    constexpr std::string_view allowed = "GET, HEAD, OPTIONS";
    switch (asked.method()) {
    case method::get:
    case method::head: return true;
    case method::options:
        (void)answer.status(204).has_value();
        answer.add("Allow"sv, allowed);
        break;
    case method::other: UK_TRY(answer.fail(501)); break;
    default: UK_TRY(answer.not_allowed(allowed)); break;
    }
    return false;
}

result<void> redirect_to_folder(const request& asked, response& answer) {
    char text[3 * longest_name + 2];
    std::size_t used = 0;
    const auto add = [&](char c) { text[used++] = c; };
    // A second slash in front would be another host's name.
    std::string_view path = asked.path();
    while (path.starts_with("//")) path.remove_prefix(1);
    for (const char c : path) {
        if (c != '?' && c != '#' && c != '%' && c != '"' && c != '\\' && c > ' ' && c < 0x7f) {
            add(c);
        } else {
            add('%');
            add("0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4]);
            add("0123456789ABCDEF"[c & 15]);
        }
    }
    add('/');
    return answer.redirect(301, {text, used});
}

result<part> begin_file(const request& asked, response& answer, std::string_view name, std::uint64_t size,
                        std::uint64_t sum) {
    tag_text tag_place;
    const std::string_view tag = write_tag(sum, tag_place);
    part wanted{0, size};
    range_kind range = range_kind::whole;
    bool unchanged = false;
    // In the order of RFC 9110, 13.2.2. There are no dates of modification, so fields with dates say nothing.
    if (asked.has_conditions()) {
        const bool has_match = !asked.field("if-match").empty();
        if (has_match && !matches(asked, "if-match", tag, false)) {
            UK_TRY(answer.fail(412));
            return part{};
        }
        unchanged = matches(asked, "if-none-match", tag, true);
        const std::string_view if_range = asked.field("if-range");
        if (asked.method() == method::get && (if_range.empty() || if_range == tag))
            range = read_range(asked.field("range"), size, wanted);
    }
    if (unchanged) {
        (void)answer.status(304).has_value();
        answer.add("ETag"sv, tag);
        UK_TRY(answer.length(0));
        return part{};
    }
    if (range == range_kind::nothing) {
        (void)answer.status(416).has_value();
        put_content_range(answer, nullptr, size);
        UK_TRY(answer.say_status());
        return part{};
    }
    if (range == range_kind::part) {
        (void)answer.status(206).has_value();
        put_content_range(answer, &wanted, size);
    }
    answer.add("Content-Type"sv, type_of(name));
    answer.add("ETag"sv, tag);
    answer.add("Accept-Ranges"sv, "bytes"sv);
    UK_TRY(answer.length(wanted.count));
    return answer.wants_body() ? wanted : part{};
}

} // namespace detail
} // namespace uk::http
