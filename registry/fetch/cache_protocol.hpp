// How uk speaks to a program that stands between it and a shared cache (`uk-fetch cache`, `uk-remote cache`) or a server that
// executes (`uk-remote execute`): over a socket that is the program's standard input, a request and its content, an answer and its content, as these structs. Both ends are of one build, on
// one machine. Answers come in any order; the end of the socket ends the program.
#pragma once

#include <cerrno>
#include <cstdint>

#include <sys/socket.h>
#include <unistd.h>

namespace uk::registry::cache_protocol {

constexpr int channel = 0; ///< the program's descriptor
constexpr std::int64_t largest = std::int64_t{1} << 30; ///< bytes of a content

struct request {
    enum class verb : std::uint32_t {
        get,
        put,
        look, ///< which blobs of those in the content the server doesn't have; uk-remote alone
        execute, ///< the action with this digest; uk-remote alone
    };
    enum class part : std::uint32_t { actions, blobs };
    std::uint32_t id = 0;
    verb what = verb::get;
    part where = part::blobs;
    char hash[64] = {}; ///< hexadecimal digits
    std::int64_t hashed = 0; ///< bytes of what has this hash: of the blob, or of the Action
    std::int64_t size = 0; ///< put, look: of the content that follows; get, execute: the most that is taken
};

inline bool has_content(const request& one) {
    return one.what == request::verb::put || one.what == request::verb::look;
}

/// Content of a `look`, and of the answers that name blobs: any number of these.
struct named_blob {
    char hash[64] = {};
    std::int64_t size = 0;
};

struct answer {
    enum class status : std::uint32_t {
        found, ///< get, execute: the content, or an ActionResult, follows; look: what is missing
        stored, ///< put
        missing, ///< get: there is none; execute: these blobs (none named: it isn't known which)
        refused, ///< execute: not this one; the content is one line of why
        wrong, ///< get: it is larger than it may be
        trouble, ///< the server can't be used; the content is one line of why
    };
    std::uint32_t id = 0;
    status said = status::trouble;
    std::int64_t size = 0; ///< of the content that follows
};

/// All of it, or false: the other side is gone.
inline bool read_all(int from, void* to, std::size_t size) {
    for (auto* at = static_cast<char*>(to); size > 0;) {
        const auto count = ::read(from, at, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        at += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

/// All of it, or false: the other side is gone, or doesn't take it.
inline bool send_all(int to, const void* from, std::size_t size) {
    for (auto* at = static_cast<const char*>(from); size > 0;) {
        const auto count = ::send(to, at, size, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        at += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

} // namespace uk::registry::cache_protocol
