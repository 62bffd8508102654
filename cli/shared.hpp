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

/// None: no cache is shared. Errors: usage, and input for the environment's: no URL that is used, no mode.
base::result<std::optional<build::shared_cache_options>> shared_cache_of(const shared_asked& asked);

constexpr int most_remote_jobs = 512;

struct remote_asked {
    std::string url; ///< --remote; empty: $UK_REMOTE_URL; `off`: none
    int jobs = 0; ///< --remote-jobs; 0: $UK_REMOTE_JOBS
};

/// None: everything is executed here. Errors: as above.
base::result<std::optional<build::remote_options>> remote_of(const remote_asked& asked);

} // namespace uk::cli
