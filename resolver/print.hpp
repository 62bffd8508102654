// The text form of a universe (docs/reference/universes.md): what parse_universe reads.
#pragma once

#include <string>

#include "resolver/universe.hpp"

namespace uk::resolver::facts {

/// Read again, it has the same answers. Errors: failed, when a value can't be written: one with `#`, `{`, `}`, `,`, `=` or a
/// line's end, a condition with `:`.
base::result<std::string> print_universe(const universe& all);

} // namespace uk::resolver::facts
