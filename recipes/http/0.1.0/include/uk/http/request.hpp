// A request as a handler sees it. Views into it are valid as long as the handler runs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <uk/http/detail/stream.hpp>
#include <uk/http/head.hpp>
#include <uk/result.hpp>

namespace uk::http {

/// A message's content as a stream, whether it has a length or comes in chunks (RFC 9112, 6 and 7).
class body {
  public:
    /// How it is framed. `none`: there is nothing; `until_end`: all that comes (responses only).
    enum class kind : std::uint8_t { none, length, chunked, until_end };

    body(detail::input& from, kind how, std::uint64_t length, std::uint64_t most, duration patience);

    /// Reads what is there, blocks while there is nothing; 0: the end. Errors: too_large (more than the limit), invalid (bad
    /// chunks), timed_out, closed (cut off), cancelled, io; the same again afterwards.
    result<std::size_t> read(std::span<std::byte> out);
    /// Reads until the end or until `out` is full, and returns what is in it. Errors: as `read`; too_large if it doesn't fit.
    result<std::string_view> read_all(std::span<char> out);

    /// Whether everything has been read.
    bool at_end() const { return at_end_; }
    /// Why reading failed, as a status and a reason; complete if it didn't.
    outcome problem() const { return problem_; }

    /// What is done before the first wait: responses that gathered go out, and `100 Continue` if it was asked for.
    void before_waiting(detail::output& flushed, bool say_continue) {
        flushed_ = &flushed, say_continue_ = say_continue;
    }
    /// Whether the other end still waits for leave to send.
    bool unasked() const { return say_continue_; }

  private:
    result<std::size_t> fail(error e, outcome why);
    result<std::size_t> wait_failed(error e);
    result<void> prepare();
    result<std::string_view> line();
    result<void> next_chunk();
    result<void> trailer();

    detail::input& from_;
    detail::output* flushed_ = nullptr;
    kind kind_;
    bool at_end_ = false;
    bool say_continue_ = false;
    bool in_chunks_ = false;
    error failed_ = error::closed;
    outcome problem_{};
    std::uint64_t left_; ///< of the body, or of the current chunk
    std::uint64_t most_;
    std::uint64_t seen_ = 0;
    duration patience_;
    instant started_{};
};

class request {
  public:
    request(request_head& head, http::body& content, const net::endpoint& peer)
        : head_{head}, body_{content}, peer_{peer} {}

    http::method method() const { return head_.method; }
    std::string_view method_name() const { return head_.method_name; }
    /// Decoded, without `.` and `..`; begins with `/` (or is `*`, for OPTIONS). Has no control characters.
    std::string_view path() const { return path_; }
    /// What stands behind `?`, as it came; find_parameter and decode_value read it.
    std::string_view query() const { return query_; }
    std::string_view host() const { return head_.host; }
    /// The first field of that name, empty if there is none; `fields` has them all.
    std::string_view field(std::string_view name) const { return head_.fields.find(name); }
    const field_lines& fields() const { return head_.fields; }
    bool has_conditions() const { return head_.has_conditions; }
    std::uint8_t minor_version() const { return head_.minor; }
    http::body& body() const { return body_; }
    const net::endpoint& peer() const { return peer_; }

    /// Takes the target apart, in place. For the server.
    outcome read_target();

  private:
    request_head& head_;
    http::body& body_;
    net::endpoint peer_;
    std::string_view path_;
    std::string_view query_;
};

} // namespace uk::http
