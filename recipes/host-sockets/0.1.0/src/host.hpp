// Linux's sockets as numbers and structures, and its errors as ours.
#pragma once

#include <cstdint>
#include <string_view>

#include <uk/hosted/system_call.hpp>
#include <uk/net/address.hpp>
#include <uk/result.hpp>

namespace uk::host_sockets {

using hosted::call;
using hosted::system_call;

// linux/socket.h, linux/net.h, linux/in.h, linux/in6.h, linux/tcp.h, asm-generic/socket.h
constexpr long family_any = 0, family_v4 = 2, family_v6 = 10, family_netlink = 16;
constexpr long stream = 1, datagram = 2, raw = 3, non_blocking = 04000, close_on_exec = 02000000;
constexpr long at_socket = 1, at_tcp = 6, at_v6 = 41;
constexpr long reuse_address = 2, pending_error = 4, no_delay = 1, only_v6 = 26;
constexpr long dont_wait = 0x40, truncate = 0x20, no_signal = 0x4000, peek = 2, wait_all = 0x100, more_comes = 0x8000;
constexpr long shut_write = 1, shut_both = 2;
// linux/poll.h
constexpr std::uint32_t readable = 1, writable = 4, failed = 8, hung_up = 16, peer_ended = 0x2000;

// asm-generic/errno.h
enum : long {
    ENFILE_ = 23,
    EMFILE_ = 24,
    EPIPE_ = 32,
    EMSGSIZE_ = 90,
    EAFNOSUPPORT_ = 97,
    EADDRINUSE_ = 98,
    EADDRNOTAVAIL_ = 99,
    ENETDOWN_ = 100,
    ENETUNREACH_ = 101,
    ECONNABORTED_ = 103,
    ECONNRESET_ = 104,
    ENOBUFS_ = 105,
    ENOTCONN_ = 107,
    ETIMEDOUT_ = 110,
    ECONNREFUSED_ = 111,
    EHOSTUNREACH_ = 113,
    EINPROGRESS_ = 115,
    ECANCELED_ = 125
};

/// sockaddr_in or sockaddr_in6.
struct address {
    std::uint16_t family = 0, port = 0;
    union {
        std::uint32_t v4;
        std::uint32_t flow = 0;
    };
    std::uint8_t v6[16] = {};
    std::uint32_t scope = 0;

    static constexpr std::uint32_t size = 28;
};
static_assert(sizeof(address) == address::size);

/// As a socket of that family names the endpoint.
address to_host(const net::endpoint& from, long family);
net::endpoint from_host(const address& from);

/// What an answer below 0 means.
error from_errno(long answer);

/// A new descriptor or a negated errno.
long open_socket(long family, long kind);
void set(int descriptor, long level, long what, int value);
void close_descriptor(int descriptor);

/// Binds a new socket of that kind; "any" takes IPv6 and IPv4 where the host has both.
result<int> bound_socket(const net::endpoint& where, long kind);
net::endpoint local_of(int descriptor);

} // namespace uk::host_sockets
