// Waiting for events, below what drivers use (uk/xen/event_channel.hpp).
#pragma once

#include <cstdint>

#include <uk/xen/event_channel.hpp>

namespace uk::xen {

/// Sleeps until one of the first `count` of `which` has an event, or Xen's system time is `until` (0: for ever).
/// Takes no event and calls no handler.
void sleep(const port* which, std::uint32_t count, std::uint64_t until);

/// Takes the event of one port; whether there was one.
bool take_event(port which);

/// Makes the port have an event again, as if the other end had sent it.
void return_event(port which);

} // namespace uk::xen
