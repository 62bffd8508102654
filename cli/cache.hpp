// The size of the store, as verbs of the command line keep to it.
#pragma once

#include <cstdint>
#include <optional>

#include "build/upkeep.hpp"
#include "cli/context.hpp"

namespace uk::cli {

/// $UK_CACHE_SIZE, if it is set. Errors: input: it is no size.
base::result<std::optional<std::uint64_t>> size_limit();

} // namespace uk::cli
