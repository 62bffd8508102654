// What is kept of an action's last run, for people: `uk log`, `uk why --rebuilt`. No result depends on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.hpp"

namespace uk::build {

struct action_log {
    base::sha256 key;
    std::string project; ///< folder of uk.yaml that it ran for; empty: none
    std::string name; ///< name_of the action (build/action.hpp)
    std::string command; ///< for a shell
    std::int64_t began = 0; ///< seconds since 1970
    std::int64_t microseconds = 0; ///< that it took
    int status = 0; ///< exit status, or 128 + signal
    std::optional<base::digest> said; ///< standard output and error, as a blob; none: it said nothing
    std::int64_t build = 0; ///< nanoseconds since 1970, when the execution that it ran in began
    std::optional<base::sha256> before; ///< the key that the action of this name ran with before, in the project
    friend bool operator==(const action_log&, const action_log&) = default;
};

} // namespace uk::build
