// What a process listens at, as Linux tells it (proc(5), sock_diag(7)). A process that used io_uring keeps its sockets for a moment after its end, and until
// then nobody else can listen there.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include <sys/types.h>

namespace uk::targets {

/// The numbers (inodes) of the sockets of `process` and of its children. Empty where /proc doesn't say.
std::set<std::string> sockets_of(pid_t process);

/// Waits until none of them listens in this network any more, or for `patience`.
void wait_until_gone(const std::set<std::string>& sockets, std::chrono::milliseconds patience);

} // namespace uk::targets
