// Our reading of HTTP/1 beside http-parser's: what we take for a message is one for http-parser too, with the same method,
// target, fields, framing and content, cut off at the same byte. Two programs that read a stream of bytes differently are how
// requests are smuggled. We may refuse what it takes, but only for the reasons below: each is stricter than it on purpose.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <http_parser.h>

#include <uk/http/request.hpp>
#include <uk/http/text.hpp>

namespace {

using namespace uk;

struct message {
    std::string method, target; ///< of requests
    unsigned status = 0; ///< of responses
    unsigned minor = 0;
    bool keeps = false;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string content;
    std::size_t end = 0; ///< where the next one begins
    bool operator==(const message&) const = default;
};

struct reading {
    std::vector<message> messages; ///< the complete ones
    std::string why; ///< what ended it; empty: the text did
    std::size_t end = 0; ///< of the last one
};

constexpr unsigned most_fields = 100;

// Refused by us only.
constexpr std::array stricter{
    "an LF without CR", // RFC 9112, 2.2 lets one be lenient; proxies that are not disagree with those
    "a CR without LF", // http-parser takes any byte behind the CR of an empty line
    "no end of the request's line", // the same behind the version
    "no end of the status line", //
    "no end of the status", //
    "no method", // an LF in front of it
    "a control character in a field", // a value's first byte isn't checked (RFC 9110, 5.5)
    "a field without a proper name", // http-parser lets spaces be in names (RFC 9112, 5.1)
    "a space in front of a colon", //
    "a folded field", // obs-fold (RFC 9112, 5.2)
    "more than one Host", // RFC 9112, 3.2
    "no Host", //
    "a Host that is no name", //
    "no proper target", // bytes from 0x80, fragments: not in RFC 3986
    "a target that is no path", // the forms of RFC 9112, 3.2
    "a scheme that isn't http", //
    "a host that is no name", //
    "a target without a host", //
    "a path that can't be decoded", //
    "CONNECT, which is for proxies", //
    "an expectation that isn't known", // RFC 9110, 10.1.1
    "a transfer coding that isn't known", // RFC 9112, 6.1: 501
    "more than one Transfer-Encoding", // RFC 9112, 6.3
    "a Transfer-Encoding in HTTP/1.0", // RFC 9112, 6.1
    "no HTTP version", // it takes other letters for those of HTTP (RFC 9112, 2.3)
    "a version that isn't HTTP/1", //
    "no status", // below 100
    "chunks that can't be read", // sizes of more than 16 digits, extensions without their semicolon
};

// What http-parser refuses and we don't: a method is any token (RFC 9110, 9.1), and it knows only some.
bool only_theirs(http_errno code) { return code == HPE_INVALID_METHOD; }

/// RFC 9112, 6.3.
bool has_no_content(unsigned status) { return status < 200 || status == 204 || status == 304; }

// Ours.

const http::detail::flow_operations nothing_more{
    .read = [](void*, std::span<std::byte>) -> result<std::size_t> { return 0u; },
    .write = nullptr,
    .finish = nullptr,
    .reset = nullptr,
    .watch = nullptr,
    .unwatch = nullptr,
    .peer = nullptr,
};

void take_fields(const http::field_lines& from, message& to) {
    from.each([&](std::string_view name, std::string_view value) {
        to.fields.emplace_back(name, value);
        return true;
    });
}

/// The content behind a head of `size` bytes at `begin`; false if it isn't whole.
bool take_content(std::string& text, std::size_t begin, std::size_t size, http::body::kind kind, std::uint64_t length,
                  message& to, std::string& why) {
    http::detail::input in{{nullptr, &nothing_more}, std::span{text}.subspan(begin), size, text.size() - begin};
    http::body content{in, kind, length, SIZE_MAX, duration::max()};
    std::array<std::byte, 100> piece;
    while (!content.at_end()) {
        const auto got = content.read(piece);
        if (!got) {
            if (got.error() == error::invalid) why = content.problem().why;
            return false;
        }
        to.content.append(reinterpret_cast<const char*>(piece.data()), *got);
    }
    to.end = text.size() - in.ahead().size();
    return true;
}

http::body::kind kind_of(const http::framing& form, bool is_response) {
    if (form.chunked) return http::body::kind::chunked;
    if (form.has_length) return http::body::kind::length;
    return is_response ? http::body::kind::until_end : http::body::kind::none;
}

bool keeps(const http::framing& form, unsigned minor) { return (minor > 0 || form.keep_alive) && !form.close; }

/// The message at `at`; false if there is no whole one.
bool take_request(std::string& text, std::size_t at, message& to, std::string& why) {
    http::request_head head;
    http::outcome read = http::read_head(std::string_view{text}.substr(at), most_fields, head);
    if (read.status == http::outcome::complete) {
        to.target = head.target;
        // In a copy, since it is decoded in place.
        std::string target = to.target;
        http::request_head copy = head;
        copy.target = target;
        http::detail::input none{{nullptr, &nothing_more}, {}, 0, 0};
        http::body empty{none, http::body::kind::none, 0, 0, duration::max()};
        read = http::request{copy, empty, {}}.read_target();
    }
    if (read.status != http::outcome::complete) {
        why = read.why;
        return false;
    }
    to.method = head.method_name;
    to.minor = head.minor;
    to.keeps = keeps(head.form, head.minor);
    take_fields(head.fields, to);
    return take_content(text, at, head.size, kind_of(head.form, false), head.form.length, to, why);
}

bool take_response(std::string& text, std::size_t at, message& to, std::string& why) {
    http::response_head head;
    const http::outcome read = http::read_head(std::string_view{text}.substr(at), most_fields, head);
    if (read.status != http::outcome::complete) {
        why = read.why;
        return false;
    }
    to.status = head.status;
    to.minor = head.minor;
    const auto kind = has_no_content(head.status) ? http::body::kind::none : kind_of(head.form, true);
    to.keeps = keeps(head.form, head.minor) && kind != http::body::kind::until_end;
    take_fields(head.fields, to);
    return take_content(text, at, head.size, kind, head.form.length, to, why);
}

reading ours(std::string text, bool are_responses) {
    reading made;
    for (std::size_t at = 0; at < text.size();) {
        message one;
        if (!(are_responses ? take_response : take_request)(text, at, one, made.why)) break;
        at = made.end = one.end;
        made.messages.push_back(std::move(one));
    }
    return made;
}

// Theirs.

struct listener {
    reading made;
    message now;
    bool in_name = false, in_head = false, is_whole = false;
};

listener& of(http_parser* parser) { return *static_cast<listener*>(parser->data); }

const http_parser_settings settings{
    .on_message_begin = [](http_parser* p) { return of(p).now = {}, of(p).in_head = true, of(p).in_name = false, 0; },
    .on_url = [](http_parser* p, const char* at, std::size_t size) { return of(p).now.target.append(at, size), 0; },
    .on_status = nullptr,
    .on_header_field =
        [](http_parser* p, const char* at, std::size_t size) {
            listener& to = of(p);
            if (!to.in_head) return 0; // trailers
            if (!std::exchange(to.in_name, true)) to.now.fields.emplace_back();
            to.now.fields.back().first.append(at, size);
            return 0;
        },
    .on_header_value =
        [](http_parser* p, const char* at, std::size_t size) {
            listener& to = of(p);
            if (!to.in_head) return 0;
            to.in_name = false;
            to.now.fields.back().second.append(at, size);
            return 0;
        },
    .on_headers_complete =
        [](http_parser* p) {
            of(p).in_head = false;
            of(p).now.keeps = http_should_keep_alive(p); // before trailers, whose Connection it heeds
            return int{p->type == HTTP_RESPONSE && has_no_content(p->status_code)}; // 1: whatever its fields say
        },
    .on_body = [](http_parser* p, const char* at, std::size_t size) { return of(p).now.content.append(at, size), 0; },
    .on_message_complete =
        [](http_parser* p) {
            listener& to = of(p);
            to.now.method = p->type == HTTP_REQUEST ? http_method_str(static_cast<http_method>(p->method)) : "";
            to.now.status = p->type == HTTP_REQUEST ? 0 : p->status_code;
            to.now.minor = std::min<unsigned>(p->http_minor, 1);
            to.is_whole = true;
            http_parser_pause(p, 1); // so that it says where it is
            return 0;
        },
    .on_chunk_header = nullptr,
    .on_chunk_complete = nullptr,
};

void trim(std::string& value) {
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.pop_back();
}

reading theirs(std::string_view text, bool are_responses, http_errno& ended_by) {
    listener to;
    http_parser parser{};
    http_parser_init(&parser, are_responses ? HTTP_RESPONSE : HTTP_REQUEST);
    parser.data = &to;
    ended_by = HPE_OK;
    for (std::size_t at = 0;;) {
        to.is_whole = false;
        // No bytes stand for the end of all.
        const std::size_t took = http_parser_execute(&parser, &settings, text.data() + at, text.size() - at);
        const http_errno code = HTTP_PARSER_ERRNO(&parser);
        if (code != HPE_OK && code != HPE_PAUSED) {
            ended_by = code;
            to.made.why = http_errno_name(code);
            break;
        }
        const bool was_end = at == text.size();
        at += took;
        if (to.is_whole) {
            // In front of the LF that ends it, if the pause came there.
            to.now.end = at;
            for (auto& [name, value] : to.now.fields) trim(value);
            to.made.messages.push_back(to.now);
            http_parser_pause(&parser, 0);
        }
        if (was_end) break;
    }
    return to.made;
}

std::string shown(const reading& of) {
    std::string out;
    for (const message& one : of.messages) {
        out += "  `" + one.method + "` `" + one.target + "` " + std::to_string(one.status) + " HTTP/1." +
               std::to_string(one.minor) + (one.keeps ? " keeps" : " closes") + ", ends at " + std::to_string(one.end) +
               "\n";
        for (const auto& [name, value] : one.fields) out += "    `" + name + "`: `" + value + "`\n";
        out += "    content `" + one.content + "`\n";
    }
    return out + "  then: " + (of.why.empty() ? "nothing" : of.why) + "\n";
}

[[noreturn]] void differ(const char* how, const reading& a, const reading& b) {
    std::fprintf(stderr, "%s\nours:\n%shttp-parser's:\n%s", how, shown(a).c_str(), shown(b).c_str());
    std::abort();
}

/// http-parser takes a name that only begins with Transfer-Encoding for it.
bool misleads(const message& of) {
    constexpr std::string_view coding = "transfer-encoding";
    return std::ranges::any_of(of.fields, [&](const auto& field) {
        const std::string_view name = field.first;
        return name.size() > coding.size() && http::same_text(name.substr(0, coding.size()), coding);
    });
}

/// A tab behind a value isn't part of it (RFC 9110, 5.5), nor one behind a chunk's size; for http-parser they are.
bool has_tab_behind(std::string_view text) {
    for (std::size_t at = text.find('\t'); at != text.npos; at = text.find('\t', at + 1)) {
        const std::size_t end = text.find_first_not_of(" \t", at);
        if (end != text.npos && (text[end] == '\r' || text[end] == ';')) return true;
    }
    return false;
}

/// Whether more than one option of Connection is there: http-parser overlooks some behind one that is empty or begins as a
/// known one does, knows no quotes, and keeps a connection in 1.0 that is both to be kept and closed.
bool has_options(const message& of) {
    std::string all;
    for (const auto& [name, value] : of.fields)
        if (http::same_text(name, "connection")) all += value + ",";
    return all.find_first_of(",\"") + 1 < all.size();
}

void compare(const std::string& text, bool are_responses) {
    http_errno ended_by;
    if (has_tab_behind(text)) return;
    const reading a = ours(text, are_responses);
    if (std::ranges::any_of(a.messages, misleads)) return;
    const reading b = theirs(text, are_responses, ended_by);
    const std::size_t both = std::min(a.messages.size(), b.messages.size());
    for (std::size_t i = 0; i < both; ++i) {
        message same = b.messages[i];
        if (has_options(same)) same.keeps = a.messages[i].keeps;
        if (a.messages[i] != same) differ("a message differs", a, b);
    }
    if (a.messages.size() > both && !only_theirs(ended_by)) differ("only ours takes a message", a, b);
    // It passes over empty lines in front of any message; we do so in front of requests (RFC 9112, 2.2), without lone LFs.
    const bool is_empty_line = a.end < text.size() && (text[a.end] == '\r' || text[a.end] == '\n');
    // A length or a coding whose value is folded: we refuse it for that it is empty. A chunk's line that ends in a lone CR: we still
    // wait for its LF.
    const std::string_view rest = std::string_view{text}.substr(a.end);
    const bool is_folded = rest.find("\n ") != rest.npos || rest.find("\n\t") != rest.npos;
    bool lone_cr = false;
    for (std::size_t at = rest.find('\r'); at != rest.npos; at = rest.find('\r', at + 1))
        lone_cr |= !rest.substr(at + 1).starts_with('\n');
    const bool is_stricter = is_empty_line || is_folded || (a.why.empty() && lone_cr) ||
                             std::ranges::find(stricter, a.why) != stricter.end();
    if (b.messages.size() > both && !is_stricter) differ("only http-parser takes a message", a, b);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    compare(text, false);
    compare(text, true);
    return 0;
}
