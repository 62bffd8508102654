// Turns what GCC says about a wiring's static_asserts and an archetype check into diagnostics of uk's own: component,
// signature, operation and variant instead of a page of template errors.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "build/action.hpp"
#include "registry/recipe.hpp"
#include "resolver/resolution.hpp"

namespace uk::build {

/// `gcc_json` is -fdiagnostics-format=json output of a failed check or wiring action. What isn't understood is handed on
/// as the compiler said it, so nothing gets lost.
base::error explain_check(const action& failed, std::string_view gcc_json, const registry::recipe& manifest,
                          const resolver::resolution& answer);

} // namespace uk::build
