// A response as a handler makes it: a status, fields, content in one piece or as a stream. Its length is found out if it is
// small, else it goes out in chunks.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <uk/bytes.hpp>
#include <uk/http/detail/stream.hpp>
#include <uk/http/detail/sums.hpp>
#include <uk/result.hpp>

namespace uk::http {

/// The words behind a status (RFC 9110, 15), empty for one that isn't known.
std::string_view reason(unsigned status);

/// In this order: `status`, fields, content. Errors of everything that writes: closed, io, timed_out, cancelled.
class response {
  public:
    /// What the request asks of a response's form. For the server.
    struct form {
        bool without_body = false; ///< HEAD
        bool can_chunk = true; ///< HTTP/1.1
        bool close = false;
        bool say_keep_alive = false; ///< an HTTP/1.0 client that asked for it
        std::string_view date; ///< empty: nobody knows
    };
    response(detail::output& out, detail::kept_sums& sums, form how) : out_{out}, sums_{sums}, form_{how} {}
    response(const response&) = delete;
    response& operator=(const response&) = delete;

    /// 200 unless something is said here. Before the first field, else: invalid.
    result<void> status(unsigned code);
    /// Adds a field; `value` may not hold control characters: invalid. All fields together fit into
    /// `output_bytes`, else: too_large. Content-Length, Transfer-Encoding, Connection and Date are the server's own.
    result<void> field(std::string_view name, std::string_view value);
    /// Says the length before the content, which then is not buffered: for what is large.
    result<void> length(std::uint64_t bytes);

    /// Adds content. Errors: too_large, more than `length` said.
    result<void> write(std::span<const std::byte> content);
    result<void> write(std::string_view content) { return write(bytes_of(content)); }
    /// Sends what gathered now, for streams that somebody watches.
    result<void> flush();

    /// Everything at once.
    result<void> send(std::string_view type, std::string_view content);
    /// A short text for an error, in place of all that was said so far. Errors: closed, if a part is on its way already.
    result<void> fail(unsigned code);
    /// 405 with the methods that are allowed (`GET, HEAD`).
    result<void> not_allowed(std::string_view methods);
    /// 301, 302, 303, 307 or 308 to another place.
    result<void> redirect(unsigned code, std::string_view location);

    unsigned code() const { return status_; }
    /// Bytes of content so far.
    std::uint64_t sent() const { return sent_; }
    /// Whether nothing can be taken back any more.
    bool committed() const { return stage_ == stage::identity || stage_ == stage::chunks; }
    /// Whether the connection can carry another response after this one. Once ended.
    bool keeps() const { return !form_.close; }
    /// The connection ends with this response.
    void close() { form_.close = true; }
    bool wants_body() const { return !form_.without_body && may_have_content(); }

    /// Where content of a known length can be put directly, some of it at a time; `added` says how much there is now.
    result<std::span<char>> room();
    void added(std::size_t count);

    /// For `files`: a field that is known to be a proper one, and the status as content.
    void add(std::string_view name, std::string_view value);
    template <std::size_t Size>
    void add(const char (&name)[Size], std::string_view value) {
        add(std::string_view{name, Size - 1}, value);
    }
    result<void> say_status();
    detail::kept_sums& sums() { return sums_; }
    /// For the server, after the handler. Errors: too_large or too little content: the connection must be reset.
    result<void> end();

  private:
    enum class stage : std::uint8_t { fresh, fields, held, identity, chunks, ended };

    void begin();
    void hold_content();
    void end_head(std::string_view field, std::size_t number, unsigned base);
    void commit_chunked();
    std::size_t content_held() const;
    std::string_view connection_line() const;
    bool may_have_content() const { return status_ != 204 && status_ != 304; }

    detail::output& out_;
    detail::kept_sums& sums_;
    form form_;
    stage stage_ = stage::fresh;
    std::uint16_t status_ = 200;
    std::uint16_t fields_size_ = 0; ///< bytes of the line and the fields
    std::uint64_t length_ = 0;
    std::uint64_t sent_ = 0;
};

} // namespace uk::http
