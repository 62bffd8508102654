// Which shared cache a verb works with: what the command line says, else the environment.
#pragma once

#include <optional>
#include <string>

#include "build/shared_cache.hpp"

namespace uk::cli {

struct shared_asked {
    std::string url;  ///< --cache; empty: $UK_CACHE_URL; `off`: none
    std::string mode; ///< --cache-mode; empty: $UK_CACHE_MODE
};

/// None: no cache is shared. Errors: usage, and input for the environment's: no URL that is used, no mode.
base::result<std::optional<build::shared_cache_options>> shared_cache_of(const shared_asked& asked);

} // namespace uk::cli
