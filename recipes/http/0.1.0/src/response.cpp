#include <uk/http/response.hpp>

#include <algorithm>

#include <uk/http/text.hpp>

namespace uk::http {
namespace {

using namespace std::literals; // a length that is known needs no strlen

/// Of RFC 9110, 15; each line is what stands in a status line. One text is smaller than a table of them.
constexpr std::string_view known = "200 OK\n"
                                   "201 Created\n"
                                   "202 Accepted\n"
                                   "204 No Content\n"
                                   "206 Partial Content\n"
                                   "301 Moved Permanently\n"
                                   "302 Found\n"
                                   "303 See Other\n"
                                   "304 Not Modified\n"
                                   "307 Temporary Redirect\n"
                                   "308 Permanent Redirect\n"
                                   "400 Bad Request\n"
                                   "401 Unauthorized\n"
                                   "403 Forbidden\n"
                                   "404 Not Found\n"
                                   "405 Method Not Allowed\n"
                                   "408 Request Timeout\n"
                                   "409 Conflict\n"
                                   "411 Length Required\n"
                                   "412 Precondition Failed\n"
                                   "413 Content Too Large\n"
                                   "414 URI Too Long\n"
                                   "415 Unsupported Media Type\n"
                                   "416 Range Not Satisfiable\n"
                                   "417 Expectation Failed\n"
                                   "422 Unprocessable Content\n"
                                   "429 Too Many Requests\n"
                                   "431 Request Header Fields Too Large\n"
                                   "500 Internal Server Error\n"
                                   "501 Not Implemented\n"
                                   "502 Bad Gateway\n"
                                   "503 Service Unavailable\n"
                                   "505 HTTP Version Not Supported\n";

/// What a head that is held may still need: a length or chunked, the empty line, a chunk's line and its end.
constexpr std::size_t reserve = 80;

} // namespace

std::string_view reason(unsigned status) {
    for (std::string_view rest = known; !rest.empty();) {
        const std::size_t end = rest.find('\n');
        if (read_number(rest.substr(0, 3)) == status) return rest.substr(4, end - 4);
        rest.remove_prefix(end + 1);
    }
    return {};
}

result<void> response::status(unsigned code) {
    if (stage_ != stage::fresh || code < 200 || code > 999) return error::invalid;
    status_ = static_cast<std::uint16_t>(code);
    return {};
}

/// The status line and the fields that are the server's own.
void response::begin() {
    if (stage_ != stage::fresh) return;
    stage_ = stage::fields;
    // A handler's fields need room; what gathered before goes out if there is little left.
    if (out_.room().size() < 1024) out_.flush();
    out_.hold();
    if (status_ == 200) { // nearly always
        out_.put("HTTP/1.1 200 OK\r\n"sv);
    } else {
        out_.put("HTTP/1.1 "sv);
        out_.put_number(status_);
        out_.put(" "sv);
        out_.put(reason(status_));
        out_.put("\r\n"sv);
    }
    if (!form_.date.empty()) out_.put_field({"Date", 4}, form_.date);
}

void response::add(std::string_view name, std::string_view value) {
    begin();
    out_.put_field(name, value);
}

result<void> response::field(std::string_view name, std::string_view value) {
    begin();
    if (stage_ != stage::fields) return error::invalid;
    for (const char c : name)
        if (!detail::is(c, detail::token_character)) return error::invalid;
    for (const char c : value)
        if (!detail::is(c, detail::value_character)) return error::invalid;
    const std::size_t needed = name.size() + value.size() + 4 + reserve;
    if (needed > out_.room().size()) out_.flush_finished();
    if (needed > out_.room().size()) return error::too_large;
    out_.put_field(name, value);
    return out_.state();
}

std::string_view response::connection_line() const {
    if (form_.close) return "Connection: close\r\n"sv;
    return form_.say_keep_alive ? "Connection: keep-alive\r\n"sv : std::string_view{};
}

result<void> response::length(std::uint64_t bytes) {
    begin();
    if (stage_ != stage::fields) return error::invalid;
    if (const std::string_view line = connection_line(); !line.empty()) out_.put(line);
    if (may_have_content()) {
        char digits[20];
        out_.put_field("Content-Length"sv, write_number(bytes, digits));
    }
    out_.put("\r\n"sv);
    out_.release();
    stage_ = stage::identity;
    length_ = bytes;
    return out_.state();
}

/// The end of a held head, in front of the content that there is already.
void response::end_head(std::string_view field, std::size_t number, unsigned base) {
    char text[reserve], digits[20];
    std::size_t size = 0;
    for (const std::string_view piece : {connection_line(), field, base ? write_number(number, digits, base) : "",
                                         std::string_view{base == 10   ? "\r\n\r\n"
                                                          : base == 16 ? "\r\n"
                                                                       : ""}}) {
        std::memcpy(text + size, piece.data(), piece.size());
        size += piece.size();
    }
    const std::size_t content = content_held();
    out_.insert(out_.held() + fields_size_, {text, size});
    if (form_.without_body) out_.cut_to(out_.size() - content);
    out_.release();
}

std::size_t response::content_held() const { return out_.size() - out_.held() - fields_size_; }

/// What was held becomes the first chunk, or, where chunks aren't understood, the beginning of all until the end.
void response::commit_chunked() {
    stage_ = stage::chunks;
    const std::size_t content = content_held();
    if (!form_.can_chunk) {
        form_.close = true;
        return end_head("\r\n", 0, 0);
    }
    constexpr std::string_view coding = "Transfer-Encoding: chunked\r\n\r\n";
    if (content == 0 || form_.without_body) return end_head(coding, 0, 0);
    end_head(coding, content, 16);
    out_.put("\r\n"sv);
}

result<void> response::write(std::span<const std::byte> bytes) {
    const std::string_view content{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    if (stage_ == stage::ended) return error::closed;
    begin();
    if (stage_ == stage::identity && content.size() > length_ - sent_) return error::too_large;
    sent_ += content.size();
    if (!may_have_content() || content.empty()) return {};
    hold_content();
    if (stage_ == stage::held) {
        if (content.size() + reserve <= out_.room().size()) {
            out_.put(content);
            return {};
        }
        commit_chunked();
    }
    if (form_.without_body) return {};
    const bool chunk = stage_ == stage::chunks && form_.can_chunk;
    if (chunk) {
        out_.put_number(content.size(), 16);
        out_.put("\r\n"sv);
    }
    out_.put(content);
    if (chunk) out_.put("\r\n"sv);
    return out_.state();
}

/// The fields have ended, content of unknown length begins.
void response::hold_content() {
    if (stage_ != stage::fields) return;
    fields_size_ = static_cast<std::uint16_t>(out_.size() - out_.held());
    stage_ = stage::held;
}

result<void> response::flush() {
    begin();
    if (may_have_content()) {
        hold_content();
        if (stage_ == stage::held) commit_chunked();
        out_.flush();
    }
    return out_.state();
}

result<std::span<char>> response::room() {
    if (stage_ != stage::identity) return error::invalid;
    const std::uint64_t left = length_ - sent_;
    if (out_.room().size() < std::min<std::uint64_t>(left, 512)) out_.flush();
    if (out_.broken()) return out_.state().error();
    const std::span<char> all = out_.room();
    return all.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, all.size())));
}

void response::added(std::size_t count) {
    sent_ += count;
    out_.took(count);
}

result<void> response::send(std::string_view type, std::string_view content) {
    UK_TRY(field("Content-Type", type));
    UK_TRY(length(content.size()));
    return write(content);
}

result<void> response::fail(unsigned code) {
    if (committed() || stage_ == stage::ended) return error::closed;
    if (stage_ != stage::fresh) out_.cut_to(out_.held());
    stage_ = stage::fresh;
    sent_ = 0;
    UK_TRY(status(code));
    return say_status();
}

/// The status as content, for a person.
result<void> response::say_status() {
    const std::string_view why = reason(status_);
    add("Content-Type", "text/plain");
    UK_TRY(length(why.size() + 5));
    sent_ = length_;
    if (wants_body()) {
        out_.put_number(status_);
        out_.put(" "sv);
        out_.put(why);
        out_.put("\n"sv);
    }
    return out_.state();
}

result<void> response::not_allowed(std::string_view methods) {
    UK_TRY(status(405));
    UK_TRY(field("Allow", methods));
    return say_status();
}

result<void> response::redirect(unsigned code, std::string_view location) {
    UK_TRY(status(code));
    UK_TRY(field("Location", location));
    return length(0);
}

result<void> response::end() {
    if (stage_ == stage::identity && wants_body() && sent_ != length_) return error::invalid;
    if (stage_ == stage::fresh || stage_ == stage::fields) (void)length(0).has_value();
    if (stage_ == stage::held) end_head("Content-Length: ", content_held(), 10);
    if (stage_ == stage::chunks && form_.can_chunk && !form_.without_body) out_.put("0\r\n\r\n"sv);
    stage_ = stage::ended;
    return out_.state();
}

} // namespace uk::http
