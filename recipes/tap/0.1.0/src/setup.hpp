// How a process comes to its end of an interface.
#pragma once

#include <uk/net/address.hpp>
#include <uk/result.hpp>
#include <uk/tap/card.hpp>

namespace uk::tap {

/// The descriptor that carries the interface's frames; says on the console why there is none.
/// Errors: invalid (the name or the address), not_found, busy, unsupported, io.
result<int> attach(const parameters& how, net::mac_address& address);

} // namespace uk::tap
