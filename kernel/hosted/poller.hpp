// What tells that a descriptor became ready, and what sleeps until then: io_uring, and epoll where that is forbidden.
// Nothing is set up before somebody waits for a descriptor.
#pragma once

#include <uk/time.hpp>

#include <uk/hosted/descriptor.hpp>
#include <uk/hosted/poller.hpp>

namespace uk::hosted {

enum class arming {
    armed,     ///< the readiness will be told
    pointless, ///< the host doesn't wait for such a descriptor: it is always ready
    failed
};

/// Both ways of polling have these three.
namespace ring {
bool open();                         ///< false where the host has no io_uring for us
arming arm(readiness& what);         ///< queued; the next `sleep` hands it over
void sleep(instant deadline);        ///< until there are answers, and tells them
} // namespace ring

namespace epoll {
bool open();
arming arm(readiness& what);
bool watch(int descriptor, operation& user);
void sleep(instant deadline);
} // namespace epoll

/// Arms with whichever is open.
arming arm(readiness& what);

} // namespace uk::hosted
