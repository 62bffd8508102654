#include <uk/http/head.hpp>

#include <cstring>

#include <uk/http/text.hpp>

namespace uk::http {
namespace {

using namespace std::literals; // a length that is known needs no strlen

constexpr outcome need_more{outcome::incomplete, ""};
constexpr outcome bad(const char* why) { return {400, why}; }

/// Behind the characters of a kind.
template <unsigned char kind>
const char* skip(const char* p, const char* end) {
    for (const char* const last = end - 1; p < last; p += 2) {
        if (!detail::is(p[0], kind)) return p;
        if (!detail::is(p[1], kind)) return p + 1;
    }
    return p < end && detail::is(*p, kind) ? p + 1 : p;
}

/// Behind the characters of a value: eight at a time while none of them is below a space or DEL.
const char* skip_value(const char* p, const char* end) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    for (std::uint64_t eight; end - p >= 8; p += 8) {
        std::memcpy(&eight, p, sizeof eight);
        const std::uint64_t deleted = eight ^ 0x7f * ones;
        if ((((eight - 0x20 * ones) & ~eight) | ((deleted - ones) & ~deleted)) & 0x80 * ones) break;
    }
    return skip<detail::value_character>(p, end);
}

/// What is noted of the fields while they are read.
struct notes {
    framing* form = nullptr; ///< none: trailers
    request_head* request = nullptr;
    bool has_host = false;
};

outcome note_length(framing& form, std::string_view value) {
    const auto length = read_number(value);
    if (!length) return bad("a Content-Length is no number");
    if (form.has_length) return bad("more than one Content-Length");
    form.has_length = true;
    form.length = *length;
    return {};
}

/// Only `chunked` alone is known. An element that is empty would be one to some programs and none to others.
outcome note_coding(framing& form, std::string_view value) {
    if (form.chunked) return bad("more than one Transfer-Encoding");
    if (!same_text(value, "chunked"sv)) return {501, "a transfer coding that isn't known"};
    form.chunked = true;
    return {};
}

outcome note_host(notes& to, std::string_view value) {
    if (to.has_host) return bad("more than one Host");
    if (skip<detail::name_character>(value.data(), value.data() + value.size()) != value.data() + value.size())
        return bad("a Host that is no name");
    to.has_host = true;
    to.request->host = value;
    return {};
}

void note_connection(framing& form, std::string_view value) {
    while (true) {
        const std::string_view option = next_element(value);
        if (option.empty()) return;
        if (same_text(option, "close"sv)) form.close = true;
        if (same_text(option, "keep-alive"sv)) form.keep_alive = true;
    }
}

/// Few fields matter to the message's form; their lengths tell most of them apart.
outcome note(notes& to, std::string_view name, std::string_view value) {
    if (!to.form) {
        // RFC 9110, 6.5.1: what frames a message comes too late there, and some programs heed it all the same.
        if (same_text(name, "content-length"sv) || same_text(name, "transfer-encoding"sv))
            return bad("a trailer that frames the message");
        return {};
    }
    switch (name.size()) {
    case 10:
        if (same_text(name, "connection"sv)) note_connection(*to.form, value);
        break;
    case 14:
        if (same_text(name, "content-length"sv)) return note_length(*to.form, value);
        break;
    case 17:
        if (same_text(name, "transfer-encoding"sv)) return note_coding(*to.form, value);
        break;
    }
    if (!to.request) return {};
    switch (name.size()) {
    case 4:
        if (same_text(name, "host"sv)) return note_host(to, value);
        break;
    case 5: to.request->has_conditions |= same_text(name, "range"sv); break;
    case 6:
        if (same_text(name, "expect"sv)) {
            if (!same_text(value, "100-continue"sv)) return {417, "an expectation that isn't known"};
            to.request->expects_continue = true;
        }
        break;
    case 8: to.request->has_conditions |= same_text(name, "if-match"sv) || same_text(name, "if-range"sv); break;
    case 13: to.request->has_conditions |= same_text(name, "if-none-match"sv); break;
    }
    return {};
}

/// Reads lines until the empty one; `at` is behind it then.
outcome read_fields(const char*& at, const char* end, unsigned most, notes& to) {
    const char* p = at;
    for (unsigned count = 0;; ++count) {
        if (p == end) return need_more;
        if (*p == '\r') {
            if (p + 1 == end) return need_more;
            if (p[1] != '\n') return bad("a CR without LF");
            at = p + 2;
            return {};
        }
        const char* const name = p;
        p = skip<detail::token_character>(p, end);
        if (p == end) return need_more;
        if (*p != ':' || p == name) {
            if (p == name && (*p == ' ' || *p == '\t')) return bad("a folded field");
            return bad(*p == ' ' || *p == '\t' ? "a space in front of a colon" : "a field without a proper name");
        }
        const std::string_view name_text{name, static_cast<std::size_t>(p - name)};
        ++p;
        while (p < end && (*p == ' ' || *p == '\t')) ++p;
        const char* const value = p;
        p = skip_value(p, end);
        if (p == end) return need_more;
        if (*p != '\r') return bad(*p == '\n' ? "an LF without CR" : "a control character in a field");
        if (p + 1 == end) return need_more;
        if (p[1] != '\n') return bad("a CR without LF");
        if (count == most) return {431, "too many fields"};
        const char* last = p;
        while (last > value && (last[-1] == ' ' || last[-1] == '\t')) --last;
        p += 2;
        if (const outcome noted = note(to, name_text, {value, static_cast<std::size_t>(last - value)}); noted.status)
            return noted;
    }
}

constexpr std::string_view method_names[] = {"GET",     "HEAD",  "POST",  "PUT",    "DELETE",
                                             "OPTIONS", "PATCH", "TRACE", "CONNECT"};

method method_of(std::string_view name) {
    if (name.size() == 3 && name[0] == 'G' && name[1] == 'E' && name[2] == 'T') return method::get; // nearly always
    for (std::size_t i = 0; i < std::size(method_names); ++i)
        if (name == method_names[i]) return static_cast<method>(i);
    return method::other;
}

/// `HTTP/1.x` at `p`, of which eight bytes are there: its minor version, or a status.
outcome read_version(const char* p, std::uint8_t& minor) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (p[0] != 'H' || p[1] != 'T' || p[2] != 'T' || p[3] != 'P' || p[4] != '/' || !is_digit(p[5]) || p[6] != '.' ||
        !is_digit(p[7]))
        return bad("no HTTP version");
    if (p[5] != '1') return {505, "a version that isn't HTTP/1"};
    minor = p[7] == '0' ? 0 : 1;
    return {};
}

/// What can only be said once all fields are known.
outcome check(const notes& seen, std::uint8_t minor) {
    if (seen.form->chunked && seen.form->has_length) return bad("both a Content-Length and a Transfer-Encoding");
    if (seen.form->chunked && minor == 0) return bad("a Transfer-Encoding in HTTP/1.0");
    return {};
}

outcome check_target(const request_head& head) {
    const bool whole = head.target.front() == '/' || head.target.find("://") != head.target.npos;
    if (head.method == method::connect) return {501, "CONNECT, which is for proxies"};
    if (!whole && !(head.target == "*" && head.method == method::options)) return bad("a target that is no path");
    return {};
}

} // namespace

outcome read_head(std::string_view text, unsigned most_fields, request_head& out) {
    out = {};
    const char* p = text.data();
    const char* const end = p + text.size();
    // RFC 9112, 2.2: empty lines in front of a request are passed over.
    while (p < end && *p == '\r') {
        if (p + 1 == end) return need_more;
        if (p[1] != '\n') return bad("a CR without LF");
        p += 2;
    }
    const char* const name = p;
    p = skip<detail::token_character>(p, end);
    if (p == end) return need_more;
    if (*p != ' ' || p == name) return bad("no method");
    out.method_name = {name, static_cast<std::size_t>(p - name)};
    const char* const target = ++p;
    p = skip<detail::target_character>(p, end);
    if (p == end) return need_more;
    if (*p != ' ' || p == target) return bad("no proper target");
    out.target = {target, static_cast<std::size_t>(p - target)};
    ++p;
    if (end - p < 10) return need_more;
    if (const outcome version = read_version(p, out.minor); version.status) return version;
    if (p[8] != '\r' || p[9] != '\n') return bad("no end of the request's line");
    p += 10;
    const char* const fields = p;
    notes seen{&out.form, &out};
    if (const outcome read = read_fields(p, end, most_fields, seen); read.status) return read;
    out.fields = field_lines{{fields, static_cast<std::size_t>(p - fields - 2)}};
    out.size = static_cast<std::size_t>(p - text.data());
    out.method = method_of(out.method_name);
    if (const outcome checked = check(seen, out.minor); checked.status) return checked;
    if (out.minor > 0 && !seen.has_host) return bad("no Host");
    return check_target(out);
}

outcome read_head(std::string_view text, unsigned most_fields, response_head& out) {
    constexpr auto wrong = [](outcome o) { return o.status > outcome::incomplete ? outcome{502, o.why} : o; };
    out = {};
    const char* p = text.data();
    const char* const end = p + text.size();
    if (end - p < 13) return need_more;
    if (const outcome version = read_version(p, out.minor); version.status) return wrong(version);
    const auto status = read_number({p + 9, 3});
    if (p[8] != ' ' || !status || *status < 100) return wrong(bad("no status"));
    out.status = static_cast<std::uint16_t>(*status);
    p += 12;
    if (*p != ' ' && *p != '\r') return wrong(bad("no end of the status"));
    p = skip_value(p, end);
    if (end - p < 2) return need_more;
    if (p[0] != '\r' || p[1] != '\n') return wrong(bad("no end of the status line"));
    p += 2;
    const char* const fields = p;
    notes seen{&out.form, nullptr};
    if (const outcome read = read_fields(p, end, most_fields, seen); read.status) return wrong(read);
    out.fields = field_lines{{fields, static_cast<std::size_t>(p - fields - 2)}};
    out.size = static_cast<std::size_t>(p - text.data());
    return wrong(check(seen, out.minor));
}

outcome read_trailer(std::string_view text, unsigned most_fields, std::size_t& size) {
    const char* p = text.data();
    notes seen{};
    const outcome read = read_fields(p, p + text.size(), most_fields, seen);
    size = static_cast<std::size_t>(p - text.data());
    return read;
}

void field_lines::each(function_ref<bool(std::string_view, std::string_view)> visit) const {
    for (std::string_view rest = text_; !rest.empty();) {
        const std::size_t line = rest.find('\r'), colon = rest.find(':');
        std::string_view value = rest.substr(colon + 1, line - colon - 1);
        while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
        while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
        if (!visit(rest.substr(0, colon), value)) return;
        rest.remove_prefix(line + 2);
    }
}

std::string_view field_lines::find(std::string_view name) const {
    std::string_view found;
    each([&](std::string_view each_name, std::string_view value) {
        if (!same_text(each_name, name)) return true;
        found = value;
        return false;
    });
    return found;
}

} // namespace uk::http
