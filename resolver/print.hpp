// The text form of a universe (docs/reference/universes.md): what parse_universe reads.
#pragma once

#include <string>

#include "resolver/universe.hpp"

namespace uk::resolver::facts {

/// Read again, it has the same answers. What would mean something else in the value of an option is written as `%XX`, as in a URL:
/// reading leaves it so, since values are only compared.
std::string print_universe(const universe& all);

} // namespace uk::resolver::facts
