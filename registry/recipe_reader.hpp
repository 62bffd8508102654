// The parts of a recipe, each read from its node into plain values. All mistakes go to `found`; what could not be read is
// left out, so that reading goes on.
#pragma once

#include <map>
#include <vector>

#include "registry/fields.hpp"
#include "registry/recipe.hpp"

namespace uk::registry {

// recipe_values.cpp
/// `options:`, `settings:` or `parameters:`.
std::vector<declaration> read_declarations(const fields& in, std::string_view field, problems& found);
/// A mapping from names to scalars, such as `with:`.
std::vector<written_value> read_values(const fields& in, std::string_view field, std::string_view what,
                                       problems& found);
/// `set:`: names are `component.option`.
std::vector<written_value> read_set(const fields& in, problems& found);
/// `instances:` or `devices:`.
std::vector<named_instance> read_instances(const fields& in, std::string_view field, problems& found);
condition read_when(const fields& in, const std::vector<declaration>& options, problems& found);
condition read_when(const node& written, const std::vector<declaration>& options, problems& found);

// recipe_needs.cpp
/// `net.stack ^1`; a name alone takes any version.
std::optional<dependency> read_dependency(std::string_view text, const place& where, problems& found);
std::vector<implementation> read_implements(const fields& in, const recipe& made, problems& found);
std::vector<need> read_needs(const fields& in, const recipe& made, problems& found);
/// `requires:` or `conflicts:`.
std::vector<require> read_requires(const fields& in, std::string_view field, const recipe& made, problems& found);
/// `over:` or `tools:`: names with requirements, nothing else.
std::vector<dependency> read_dependencies(const fields& in, std::string_view field, problems& found);

// recipe_source.cpp
std::vector<origin> read_origins(const fields& in, problems& found);
std::vector<build_step> read_build(const fields& in, const recipe& made, problems& found);

// recipe_target.cpp
signature_part read_signature(const fields& in, problems& found);
target_part read_target(const fields& in, problems& found);
/// `compiler:` of a toolchain.
compiler_part read_compiler(const fields& in, problems& found);
/// `toolchain:` of a manifest or a workspace.
std::optional<dependency> read_toolchain(const fields& in, problems& found);

// location.cpp
/// `registries:` or `overrides:`.
std::map<std::string, location> read_locations(const fields& in, std::string_view field, problems& found);

// recipe_manifest.cpp
std::vector<variant> read_variants(const fields& in, const recipe& made, problems& found);
/// Labels of one signature must not share an instance silently (composition): all but one say `use:` or `same:`.
void check_sharing(const recipe& made, problems& found);

} // namespace uk::registry
