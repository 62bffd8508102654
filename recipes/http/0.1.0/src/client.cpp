#include <uk/http/detail/client.hpp>

#include <cstdlib>
#include <cstring>

#include <uk/http/text.hpp>

namespace uk::http::detail {
namespace {

constexpr std::size_t output_bytes = 2048;

bool all(std::string_view text, unsigned char kind) {
    for (const char c : text)
        if (!is(c, kind)) return false;
    return true;
}

} // namespace

result<url> read_url(std::string_view text) {
    const std::size_t scheme = text.find("://");
    if (scheme == text.npos) return error::invalid;
    if (!same_text(text.substr(0, scheme), "http")) return error::unsupported;
    text.remove_prefix(scheme + 3);
    text = text.substr(0, text.find('#'));
    const std::size_t end = std::min(text.find_first_of("/?"), text.size());
    url made{.authority = text.substr(0, end), .host = text.substr(0, end), .target = text.substr(end)};
    const std::size_t bracket = made.host.find(']');
    const std::size_t colon = made.host.find(':', bracket == text.npos ? 0 : bracket);
    if (colon != text.npos) {
        const auto port = read_number(made.host.substr(colon + 1));
        if (!port || *port == 0 || *port > 65535) return error::invalid;
        made.port = static_cast<std::uint16_t>(*port);
        made.host = made.host.substr(0, colon);
    }
    if (bracket != text.npos && made.host.starts_with('[')) made.host = made.host.substr(1, bracket - 1);
    if (made.host.empty() || !all(made.authority, name_character) || !all(made.target, target_character))
        return error::invalid;
    return made;
}

client_core::~client_core() { std::free(memory_); }

bool client_core::keeps(const url& where) const {
    return reusable_ && answer_.body_ && answer_.body_->at_end() &&
           where.authority == std::string_view{place_, place_size_};
}

/// Methods that may be done twice (RFC 9110, 9.2.2), when nothing was heard on a connection that was kept.
bool client_core::may_repeat(const call& what) const {
    return !heard_ && !what.source && (what.method == "GET" || what.method == "HEAD" || what.method == "OPTIONS");
}

result<answer*> client_core::exchange(stream flow, const call& what, const url& where) {
    reusable_ = heard_ = false;
    if (!memory_) memory_ = static_cast<char*>(std::malloc(how_.head_bytes + 512 + output_bytes));
    if (!memory_) return error::out_of_memory;
    place_size_ = where.authority.size() <= sizeof place_ ? where.authority.size() : 0;
    std::memcpy(place_, where.authority.data(), place_size_);
    UK_TRY(write(flow, what, where));
    UK_TRY(read(flow, what));
    const framing& form = answer_.head_.form;
    reusable_ = !form.close && (answer_.head_.minor > 0 || form.keep_alive);
    return &answer_;
}

result<void> client_core::write(stream flow, const call& what, const url& where) {
    if (what.method.empty() || !all(what.method, token_character)) return error::invalid;
    for (const sent_field& field : what.fields)
        if (field.name.empty() || !all(field.name, token_character) || !all(field.value, value_character))
            return error::invalid;
    if (!all(what.type, value_character)) return error::invalid;
    output out{flow, {memory_ + how_.head_bytes + 512, output_bytes}, how_.write};
    out.put(what.method);
    out.put(where.target.starts_with('/') ? " " : " /");
    out.put(where.target);
    out.put(" HTTP/1.1\r\n");
    out.put_field("Host", where.authority);
    for (const sent_field& field : what.fields) out.put_field(field.name, field.value);
    if (!what.type.empty()) out.put_field("Content-Type", what.type);
    if (what.source) {
        out.put("Transfer-Encoding: chunked\r\n\r\n");
        char piece[512];
        for (;;) {
            const auto got = (*what.source)(std::as_writable_bytes(std::span{piece}));
            if (!got) return got.error();
            if (*got > 0) out.put_number(*got, 16);
            out.put(*got > 0 ? "\r\n" : "0\r\n\r\n");
            if (*got == 0) break;
            out.put({piece, *got});
            out.put("\r\n");
        }
    } else {
        if (!what.content.empty() || what.method == "POST" || what.method == "PUT") {
            out.put("Content-Length: ");
            out.put_number(what.content.size());
            out.put("\r\n");
        }
        out.put("\r\n");
        out.put(what.content);
    }
    out.flush();
    return out.state();
}

result<void> client_core::read(stream flow, const call& what) {
    const fiber::deadline limit{how_.head};
    response_head& head = answer_.head_;
    std::size_t begin = 0, end = 0;
    for (;;) {
        const outcome read = read_head(std::string_view{memory_ + begin, end - begin}, how_.fields, head);
        if (read.status > outcome::incomplete) return error::invalid;
        if (read.status == outcome::complete) {
            if (head.status >= 200) break;
            if (head.status == 101) return error::invalid; // nobody asked for it
            begin += head.size;
            continue;
        }
        if (end == how_.head_bytes) return error::too_large;
        const auto got = flow.read({memory_ + end, how_.head_bytes - end});
        if (!got) return got.error();
        if (*got == 0) return error::closed;
        heard_ = true;
        end += *got;
    }
    answer_.input_.emplace(flow, std::span{memory_, how_.head_bytes + 512}, begin + head.size, end);
    const bool nothing = what.method == "HEAD" || head.status == 204 || head.status == 304;
    const body::kind kind = nothing                ? body::kind::none
                            : head.form.chunked    ? body::kind::chunked
                            : head.form.has_length ? body::kind::length
                                                   : body::kind::until_end;
    answer_.body_.emplace(*answer_.input_, kind, head.form.length, how_.body_bytes, how_.body);
    if (kind == body::kind::until_end) head.form.close = true;
    return {};
}

} // namespace uk::http::detail
