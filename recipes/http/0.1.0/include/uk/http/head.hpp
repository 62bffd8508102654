// Reading the head of a message: the first line and its fields (RFC 9112, 2 to 6). Strict, since what two programs read
// differently is how requests are smuggled: no folded fields, no spaces in front of colons, no lone CR or LF, no control
// characters, never both a length and a transfer coding. In one pass, in place; views point into the message.
#pragma once

#include <cstdint>
#include <string_view>

#include <uk/function_ref.hpp>

namespace uk::http {

enum class method : std::uint8_t { get, head, post, put, delete_, options, patch, trace, connect, other };

/// Field lines that have been checked already: `Name: value` with CR LF after each.
class field_lines {
  public:
    constexpr field_lines() = default;
    constexpr explicit field_lines(std::string_view text) : text_{text} {}

    /// The first one's value, without spaces around; empty if there is none. Case of the name doesn't matter.
    std::string_view find(std::string_view name) const;
    /// Calls `visit` with each name and value in order, until it returns false.
    void each(function_ref<bool(std::string_view name, std::string_view value)> visit) const;

  private:
    std::string_view text_;
};

/// What the fields say about the message's own form.
struct framing {
    std::uint64_t length = 0; ///< Content-Length
    bool has_length = false;
    bool chunked = false;
    bool close = false; ///< Connection: close
    bool keep_alive = false; ///< Connection: keep-alive
};

struct request_head {
    http::method method = http::method::other;
    std::uint8_t minor = 1; ///< HTTP/1.minor; 1 for all above
    bool expects_continue = false;
    bool has_conditions = false; ///< If-Match, If-None-Match, If-Range or Range is there
    std::string_view method_name;
    std::string_view target;
    std::string_view host;
    framing form;
    field_lines fields;
    std::size_t size = 0; ///< bytes of the head with its empty line
};

struct response_head {
    std::uint16_t status = 0;
    std::uint8_t minor = 1;
    framing form;
    field_lines fields;
    std::size_t size = 0;
};

/// What reading a head led to: `complete`, `incomplete` (a longer beginning of the message is needed), or a status of 400 and
/// above with the reason as a person reads it.
struct outcome {
    static constexpr std::uint16_t complete = 0, incomplete = 1;
    std::uint16_t status = complete;
    const char* why = "";
};

/// Reads a request's head from the beginning of `text`. Refuses more than `most_fields` fields.
outcome read_head(std::string_view text, unsigned most_fields, request_head& out);
/// The same for a response; every mistake is status 502.
outcome read_head(std::string_view text, unsigned most_fields, response_head& out);
/// Reads field lines and the empty line behind them, as in trailers: `size` is set when complete.
outcome read_trailer(std::string_view text, unsigned most_fields, std::size_t& size);

} // namespace uk::http
