// Which components a component may include headers of: what it requires, needs, implements and is generic over, and what
// those do; and what the target requires, which is there for everybody (the platform, the languages' libraries).
#pragma once

#include <string>
#include <vector>

#include "registry/index.hpp"
#include "resolver/resolution.hpp"

namespace uk::build {

/// A component or signature of the image.
struct member {
    std::string name;
    const registry::entry* entry = nullptr;
};

/// Everything in the image: components and signatures, by name.
std::vector<member> members_of(const resolver::resolution& answer);

/// Of one recipe (a component, or the manifest), itself not included; each behind those that asked for it.
std::vector<member> closure_of(const registry::recipe& recipe, const resolver::resolution& answer);

} // namespace uk::build
