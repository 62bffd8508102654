// What components that drive the host directly share with the platform: one io_uring, or an epoll where that is forbidden. The
// platform hands over and collects while the scheduler looks or sleeps, so that many requests travel in one system call.
#pragma once

#include <cstdint>

namespace uk::hosted {

/// What is told of the host's answers; lives in whatever asked, until the last answer. Called while the scheduler looks: may
/// signal events, allocate and ask for more, never block.
struct operation {
    void (*answered)(operation& self, std::int32_t result, std::uint32_t flags);
};

/// A request to io_uring (linux/io_uring.h, io_uring_sqe).
struct request {
    std::uint8_t code, flags;
    std::uint16_t priority;
    std::int32_t descriptor;
    std::uint64_t offset, address;
    std::uint32_t length, how;
    operation* user;
    std::uint16_t buffer_group, personality;
    std::int32_t file_index;
    std::uint64_t rest[2];
};
static_assert(sizeof(request) == 64);

/// The kinds of requests that are used. Every kind is forbidden in an image whose code doesn't name it with UK_HOSTED_REQUESTS.
enum class request_code : std::uint8_t { poll = 6, cancel = 14, accept = 13, send = 26, receive = 27 };

// In an answer's flags, and for requests.
inline constexpr std::uint32_t has_buffer = 1, more_follow = 2; // answer; the buffer's number: flags >> 16
inline constexpr std::uint8_t select_buffer = 1 << 5, quiet_success = 1 << 6; // request::flags

namespace poller {

enum class kind : std::uint8_t { none, ring, epoll };

/// Which of them there is; opens it at the first call.
kind which();

/// An empty request that goes over with the next look. Only with a ring. Null: the host takes no more.
request* ask(request_code code, operation& user);

/// Whether the host has taken all requests so far; what it could answer at once, it has answered.
bool all_taken();

/// Registers a ring of buffers that the host chooses from (io_uring_buf_ring). False: the host knows no such thing.
bool lend_buffers(void* ring, std::uint32_t count, std::uint16_t group);

/// Tells `user` each time that a descriptor becomes readable, writable or ended (epoll's edge-triggered events). Only with epoll;
/// ends when the descriptor is closed.
bool watch(int descriptor, operation& user);

/// What is called each time that the scheduler looks: before requests are handed over, and after answers were collected.
struct at_looks {
    void (*before)();
    void (*after)();
    at_looks* next = nullptr;
};
void add(at_looks& what);

} // namespace poller
} // namespace uk::hosted

/// Says which kinds of requests a file makes, once per file.
#define UK_HOSTED_REQUESTS(...)                                                                                        \
    alignas(1) [[gnu::section("uk_hosted_requests"),                                                                   \
                 gnu::used]] static constexpr ::uk::hosted::request_code uk_hosted_requests_[] = {__VA_ARGS__}
