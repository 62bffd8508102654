// The client's part that knows no stack: what is asked, what is answered, one exchange over a stream.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <uk/function_ref.hpp>
#include <uk/http/detail/stream.hpp>
#include <uk/http/head.hpp>
#include <uk/http/request.hpp>
#include <uk/result.hpp>
#include <uk/time.hpp>

namespace uk::http {

namespace detail {
class client_core;
}

struct client_options {
    std::uint32_t head_bytes = 8192;  ///< of an answer
    std::uint16_t fields = 100;
    std::uint64_t body_bytes = ~std::uint64_t{0}; ///< of an answer: reading more is too_large
    duration connect = std::chrono::seconds{20};
    duration head = std::chrono::seconds{30}; ///< for an answer's head
    duration body = std::chrono::seconds{30}; ///< for its body's beginning, and then 1 KiB in each second
    duration write = std::chrono::seconds{30};
};

/// A field that is sent.
struct sent_field {
    std::string_view name, value;
};

/// Gives the next piece of a body that is sent: how much it put into the buffer, 0 at the end.
using body_source = function_ref<result<std::size_t>(std::span<std::byte>)>;

/// What is asked. Views must stay valid during `send`.
struct call {
    std::string_view method = "GET";
    std::string_view url;                ///< `http://HOST[:PORT][/PATH][?QUERY]`; what stands behind `#` isn't sent
    std::span<const sent_field> fields = {};
    std::string_view type = {};          ///< of the content
    std::string_view content = {};
    const body_source* source = nullptr; ///< content as a stream instead, which goes out in chunks
};

/// An answer whose head has arrived.
class answer {
  public:
    unsigned status() const { return head_.status; }
    /// The first field of that name, empty if there is none.
    std::string_view field(std::string_view name) const { return head_.fields.find(name); }
    const field_lines& fields() const { return head_.fields; }
    http::body& body() { return *body_; }

  private:
    friend class detail::client_core;
    response_head head_;
    std::optional<detail::input> input_;
    std::optional<http::body> body_;
};

namespace detail {

struct url {
    std::string_view authority, host, target; ///< `target` may lack its first slash
    std::uint16_t port = 80;
};

/// Errors: invalid, unsupported (another scheme).
result<url> read_url(std::string_view text);

class client_core {
  public:
    explicit client_core(const client_options& how) : how_{how} {}
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core();

    const client_options& how() const { return how_; }
    /// Whether the connection that there is can carry a call to that place.
    bool keeps(const url& where) const;
    void forget() { reusable_ = false; }
    /// Whether a failed exchange may be tried again on a new connection.
    bool may_repeat(const call& what) const;
    result<answer*> exchange(stream flow, const call& what, const url& where);

  private:
    result<void> write(stream flow, const call& what, const url& where);
    result<void> read(stream flow, const call& what);

    client_options how_;
    char* memory_ = nullptr;
    answer answer_;
    bool reusable_ = false;
    bool heard_ = false; ///< a part of an answer has come
    char place_[128] = {}; ///< the authority that the connection leads to
    std::size_t place_size_ = 0;
};

} // namespace detail
} // namespace uk::http
