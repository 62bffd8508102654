// How a server serves: limits and time-outs, each with a default that a public server can live with.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <uk/net/address.hpp>
#include <uk/time.hpp>

namespace uk::http {

/// What happened to one request, for an access log. Views are valid during the call only.
struct log_entry {
    net::endpoint peer;
    std::string_view method; ///< empty if the request couldn't be read
    std::string_view path;   ///< decoded; has no control characters
    std::uint16_t status = 0;
    std::uint64_t bytes = 0;   ///< of the response's body
    std::string_view why;    ///< why it was refused or cut off, else empty
};

/// Something that gets log entries, or nothing. Refers to a callable, which must outlive it.
class logger {
  public:
    constexpr logger() = default;
    template <class Callable>
        requires(!std::same_as<std::remove_cvref_t<Callable>, logger> && std::invocable<Callable&, const log_entry&>)
    logger(Callable&& callable)
        : object_{const_cast<void*>(static_cast<const void*>(&callable))},
          call_{[](void* object, const log_entry& entry) {
              (*static_cast<std::remove_reference_t<Callable>*>(object))(entry);
          }} {}

    explicit operator bool() const { return call_; }
    void operator()(const log_entry& entry) const { call_(object_, entry); }

  private:
    void* object_ = nullptr;
    void (*call_)(void*, const log_entry&) = nullptr;
};

struct options {
    std::uint16_t port = 80; ///< 0: any free one
    net::ip_address address = net::any_address;

    std::uint32_t connections =
        16384; ///< beyond: the one that has been idle for longest is closed, or the new one gets 503
    std::uint32_t workers = 32;        ///< requests that are handled at once; others wait
    std::uint32_t requests = 0;        ///< of one connection; 0: any number
    std::size_t worker_stack = 16 * 1024; ///< for the handler too

    std::uint32_t head_bytes = 8192;    ///< of a request's line and fields: 414, 431
    std::uint16_t fields = 100;         ///< 431
    std::uint64_t body_bytes = 1 << 20; ///< of a request: 413
    std::uint32_t output_bytes = 8192;  ///< of responses that gather before they are written; at least 1024

    duration idle = std::chrono::seconds{60};  ///< between requests
    duration head = std::chrono::seconds{10};  ///< from a head's first byte to its last: 408
    duration body = std::chrono::seconds{20};  ///< for a body's beginning, and beyond that 1 KiB in each second: 408
    duration write = std::chrono::seconds{20}; ///< for the other end to take what was written, `output_bytes` or less
    duration linger =
        std::chrono::seconds{2}; ///< after an error, for the other end to see the response (RFC 9112, 9.6)

    logger log = {};
};

} // namespace uk::http
