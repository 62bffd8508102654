// From what was chosen to a resolution: instances, their holes and settings, the order of opening. Not for others; they use
// resolver.hpp.
#pragma once

#include <map>
#include <string>

#include "resolver/world.hpp"

namespace uk::resolver {

/// What a search chose, or a lock holds.
struct choices {
    std::map<std::string, const registry::entry*> components, signatures;
    std::map<std::string, std::map<std::string, std::string>> options; ///< that aren't at their default, at least
    std::map<std::string, std::string>
        wiring; ///< hole → instance, or component of what an image has once; "": unfilled
    std::map<std::string, std::string> alternatives;
};

/// The wiring has no circle, and what it names is among the components. Errors: input, a setting that isn't declared or of
/// another type.
base::result<resolution> assemble(const world& w, choices chosen);

/// Is this hole of the wiring that of a signature of scope image?
bool is_image_hole(const world& w, const std::string& hole);

} // namespace uk::resolver
