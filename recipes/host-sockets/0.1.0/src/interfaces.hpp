// The addresses of the host's interfaces.
#pragma once

#include <cstddef>
#include <span>

#include <uk/net/address.hpp>
#include <uk/result.hpp>

namespace uk::host_sockets {

/// Those that others can reach, loopback left out: fills `networks`, returns how many there are.
/// Errors: not_found (only loopback: nobody here gives the host another), out_of_memory, io.
result<std::size_t> interface_addresses(std::span<net::ip_network> networks);

} // namespace uk::host_sockets
