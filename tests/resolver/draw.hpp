// Small universes drawn from a seed, as text.
#pragma once

#include <string>

namespace uk::resolver::testing {

/// The same text for the same seed.
std::string draw(unsigned seed);

} // namespace uk::resolver::testing
