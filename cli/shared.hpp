// Which servers a verb works with, a shared cache and one that executes: what the command line says, else the environment.
#pragma once

#include <optional>
#include <string>

#include "build/remote.hpp"
#include "build/shared_cache.hpp"

namespace uk::cli {

struct shared_asked {
    std::string url; ///< --cache; empty: $UK_CACHE_URL; `off`: none
    std::string mode; ///< --cache-mode; empty: $UK_CACHE_MODE
};

constexpr int most_remote_jobs = 512;

struct remote_asked {
    std::string url; ///< --remote; empty: $UK_REMOTE_URL; `off`: none
    int jobs = 0; ///< --remote-jobs; 0: $UK_REMOTE_JOBS
};

struct servers_asked {
    shared_asked cache;
    remote_asked away;
};

struct chosen_servers {
    std::optional<build::shared_cache_options> cache; ///< none: no cache is shared
    std::optional<build::remote_options> away; ///< none: everything is executed here
};

/// `offline`: none, but they are checked all the same. Errors: usage, and input for the environment's: no URL that is used, no mode.
base::result<chosen_servers> servers_of(const servers_asked& asked, bool offline);

} // namespace uk::cli
