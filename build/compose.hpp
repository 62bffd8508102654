// What uk itself writes for a variant: config.hpp for each component, needs.hpp and wiring.cpp. Pure functions from a
// resolution to text; the text is written to be read. The image's own note is in image_note.hpp, checks in archetypes.hpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "registry/recipe.hpp"
#include "resolver/resolution.hpp"

namespace uk::build {

/// Of which image: everything that text is generated from.
struct composition {
    const registry::recipe& manifest;
    const registry::variant& variant;
    const resolver::resolution& answer;
    std::map<std::string, std::size_t> embedded; ///< instance → how many files its `embed` step puts in
    bool test = false; ///< of a test: begins at the test's `run`, not at the application's
};

/// `path` is as it is included: `uart-16550/config.hpp`, `uk/needs.hpp`, `wiring.cpp`.
struct generated_file {
    std::string path;
    std::string content;
    friend bool operator==(const generated_file&, const generated_file&) = default;
};

/// config.hpp of every component of the image that can be set, and of the application (`app/config.hpp`).
base::result<std::vector<generated_file>> config_headers(const composition& what);

/// uk/needs.hpp: the type of every instance, an assertion for every hole, `namespace needs`, and `run`.
base::result<generated_file> needs_header(const composition& what);

/// wiring.cpp: parameters, instances in opening order, uk::image::main(). Errors: input: a setting that is missing or wrong.
base::result<generated_file> wiring(const composition& what);

/// The parameters of `run`, for needs.hpp in both its forms.
std::string run_declaration(const registry::recipe& manifest);

/// The class of an implementation: the one that its recipe's `implements:` name. Errors: input, when they differ.
base::result<const registry::implementation*> implementation_of(const registry::recipe& component);

/// `uk::net::Stack`, or `uk::net::Stack_2` where the need asks for minor 2 of a major from 1 on.
std::string concept_for(const registry::signature_part& signature, const registry::requirement& asked);

} // namespace uk::build
