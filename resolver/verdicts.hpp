// Which requests of a universe have an answer, without looking for the best one: requests of one target share what is encoded
// and learnt, and one image grows by as many of them as it can hold.
#pragma once

#include <vector>

#include "resolver/solve.hpp"

namespace uk::resolver::facts {

/// Of each request, in their order: consistent where `solve` finds an answer, impossible where it finds none, exhausted where
/// a limit is reached.
std::vector<core::outcome> verdicts(const index& known, core::limits most = {});

} // namespace uk::resolver::facts
