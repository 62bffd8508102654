// How long a test of drawn problems runs, and from which seed: UK_SEED=7 UK_UNIVERSES=1000000.
#pragma once

#include <cstdlib>

namespace uk::resolver::testing {

/// The environment's number of that name, or `otherwise`.
inline unsigned number(const char* name, unsigned otherwise) {
    const char* text = std::getenv(name);
    return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : otherwise;
}

} // namespace uk::resolver::testing
