// What uk itself writes for a variant: config.hpp for each component, needs.hpp and wiring.cpp, the image's note.
// Pure functions from a resolution to text; the text is written to be read.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "registry/recipe.hpp"
#include "resolver/resolution.hpp"

namespace uk::build {

/// `path` is as it is included: `uart-16550/config.hpp`, `uk/needs.hpp`, `wiring.cpp`, `note.S`.
struct generated_file {
    std::string path;
    std::string content;
};

/// All of a variant: checked settings and parameters included. Errors: input: a setting of the wrong type, one that the
/// component doesn't have, one that is missing.
base::result<std::vector<generated_file>> compose(const registry::recipe& manifest, const registry::variant& variant,
                                                  const resolver::resolution& answer);

/// needs.hpp for `uk check`: every need is its signature's archetype.
std::string needs_for_archetypes(const registry::recipe& manifest, const resolver::resolution& answer);

/// The application's `run` called with archetypes, and each functor instantiated over archetypes: compiles if it uses
/// nothing but its signatures. One file for the application, one for each implementation in the image that has needs.
std::vector<generated_file> archetype_checks(const registry::recipe& manifest, const resolver::resolution& answer);

/// A program that runs the conformance suite of each instance's signature and ends with 0 if all hold.
std::string conformance_program(const registry::recipe& manifest, const resolver::resolution& answer);

/// What the image says about itself (docs/reference/image-note.md): JSON in an ELF note, owner `uk`, type 1.
std::string image_note(const registry::recipe& manifest, const registry::variant& variant, const resolver::resolution& answer);

} // namespace uk::build
