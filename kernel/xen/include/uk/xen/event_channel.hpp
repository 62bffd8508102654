// Event channels: how Xen and other domains say that something happened, and how they are told.
#pragma once

#include <cstdint>

#include <uk/result.hpp>

namespace uk::xen {

/// An event channel of this domain. Only the first 64 can be waited for.
using port = std::uint32_t;
inline constexpr port ports = 64;

/// Calls `handler(context)` while a fiber gives way, once for any number of events since the last time: it records and
/// signals events. A null handler takes it back. Errors: unsupported for a port from 64 on.
result<void> set_event_handler(port which, void (*handler)(void* context), void* context);

/// Tells the other end.
void notify(port which);

} // namespace uk::xen
