// A lock that still holds is the answer, and is found without a search. Not for others; they use solve.hpp.
#pragma once

#include <optional>

#include "resolver/solve.hpp"

namespace uk::resolver::facts {

/// The answer in which each component has its locked version and each alternative its locked entry: it is the first in the
/// order, because a lock is preferred to anything else and leaves no other choice. None: there is no such answer, or more
/// has a say than versions and alternatives (`update`, needs, signatures, options that a line sets), or not all is locked.
std::optional<answer> kept_answer(const index& known, const request& asked);

} // namespace uk::resolver::facts
