// signature net.resolver 0.1: from a host's name to its addresses.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include <uk/net/address.hpp>
#include <uk/result.hpp>

namespace uk::net {

/// May be called from several fibers.
template <class R>
concept Resolver = requires(R& resolver, std::string_view name, std::span<ip_address> out) {
    /// Fills `out` with addresses of `name`, the ones to try first in front, and returns how many; at least one if `out` isn't
    /// empty. A text that is an address is that address; `localhost` is a loopback address (RFC 6761, 6.3).
    /// Errors: not_found (no such name, or it has no address), invalid (not a host's name), cancelled, timed_out, io.
    { resolver.resolve(name, out) } -> std::same_as<result<std::size_t>>;
};

} // namespace uk::net
