#include "host.hpp"

#include <cstring>

UK_HOSTED_CALLS({uk::hosted::call::socket, 0, uk::host_sockets::family_v4},
                {uk::hosted::call::socket, 0, uk::host_sockets::family_v6}, uk::hosted::call::bind,
                uk::hosted::call::getsockname, uk::hosted::call::setsockopt, uk::hosted::call::close);

namespace uk::host_sockets {
namespace {

std::uint16_t swapped(std::uint16_t n) { return __builtin_bswap16(n); }

} // namespace

address to_host(const net::endpoint& from, long family) {
    address made;
    made.family = static_cast<std::uint16_t>(family);
    made.port = swapped(from.port);
    if (family == family_v4) {
        made.v4 = from.address.is_v4() ? __builtin_bswap32(from.address.number()) : 0;
    } else {
        std::memcpy(made.v6, from.address.bytes().data(), sizeof made.v6);
        made.scope = from.scope;
    }
    return made;
}

net::endpoint from_host(const address& from) {
    if (from.family == family_v4) return {net::ip_address::v4(__builtin_bswap32(from.v4)), swapped(from.port)};
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), from.v6, sizeof from.v6);
    return {net::ip_address::v6(bytes), swapped(from.port), static_cast<std::uint8_t>(from.scope)};
}

error from_errno(long answer) {
    switch (-answer) {
    case EADDRINUSE_: return error::busy;
    case EADDRNOTAVAIL_:
    case EAFNOSUPPORT_:
    case ENETDOWN_:
    case ENETUNREACH_:
    case EHOSTUNREACH_: return error::not_found;
    case hosted::ENOMEM_:
    case ENOBUFS_:
    case EMFILE_:
    case ENFILE_: return error::out_of_memory;
    case EMSGSIZE_: return error::too_large;
    case EPIPE_:
    case ECONNRESET_:
    case ECONNABORTED_:
    case ENOTCONN_:
    case ECONNREFUSED_: return error::closed;
    case ETIMEDOUT_: return error::timed_out;
    default: return error::io;
    }
}

long open_socket(long family, long kind) {
    return system_call(call::socket, family, kind | non_blocking | close_on_exec, 0L);
}

void set(int descriptor, long level, long what, int value) {
    system_call(call::setsockopt, static_cast<long>(descriptor), level, what, &value, static_cast<long>(sizeof value));
}

void close_descriptor(int descriptor) { system_call(call::close, static_cast<long>(descriptor)); }

result<int> bound_socket(const net::endpoint& where, long kind) {
    const bool any = where.address.is_any();
    long family = where.address.is_v4() && !any ? family_v4 : family_v6;
    long made = open_socket(family, kind);
    if (made == -EAFNOSUPPORT_ && any) made = open_socket(family = family_v4, kind);
    if (made < 0) return from_errno(made);
    const int descriptor = static_cast<int>(made);
    if (family == family_v6) set(descriptor, at_v6, only_v6, any ? 0 : 1);
    if (kind == stream) set(descriptor, at_socket, reuse_address, 1);
    const address name = to_host(any ? net::endpoint{net::any_address, where.port} : where, family);
    const long answer = system_call(call::bind, made, &name, static_cast<long>(address::size));
    if (answer == 0) return descriptor;
    close_descriptor(descriptor);
    return from_errno(answer);
}

net::endpoint local_of(int descriptor) {
    address name;
    std::uint32_t size = sizeof name;
    if (system_call(call::getsockname, static_cast<long>(descriptor), &name, &size) != 0) return {};
    return from_host(name);
}

} // namespace uk::host_sockets
