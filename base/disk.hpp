// What can be done about a disk that refuses.
#pragma once

#include <cerrno>
#include <string>

namespace uk::base {

/// The hint for an error whose reason is this errno; empty: there is nothing that we know.
inline std::string disk_hint(int reason) {
    if (reason != ENOSPC && reason != EDQUOT) return "";
    return "make room on this disk, or set `UK_HOME` to a folder on another one";
}

} // namespace uk::base
