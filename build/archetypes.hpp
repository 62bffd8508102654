// Checks by archetypes: the application and every functor, compiled against the least classes that satisfy the signatures.
// What passes uses nothing but its signatures. Also the program that runs the conformance suites.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "build/compose.hpp"

namespace uk::build {

/// uk/needs.hpp in which every need is its signature's archetype.
generated_file needs_for_archetypes(const composition& what);

/// A check of one component by itself: its signatures' archetypes in the places of its needs.
struct archetype_check {
    std::string component;
    generated_file source; ///< `check/<component>.cpp`
};

/// One for each signature in the image (its archetype satisfies its concept) and one for each component that has needs.
base::result<std::vector<archetype_check>> archetype_checks(const composition& what);

/// A source that replaces the application's: runs the conformance suite of each need's signature, ends with 0 if all hold.
generated_file conformance_program(const composition& what);

} // namespace uk::build
