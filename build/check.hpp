// Turns what the compiler says about a check, the application or the link into diagnostics of uk's own: component,
// signature, operation and variant instead of a page of template errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "build/action.hpp"
#include "build/engine.hpp"
#include "registry/recipe.hpp"
#include "resolver/resolution.hpp"

namespace uk::build {

/// One message of GCC's -fdiagnostics-format=json, children behind their parents.
struct compiler_message {
    std::string kind; ///< error, warning, note
    std::string text;
    base::place where;
};
/// Empty if it isn't that format.
std::vector<compiler_message> read_compiler_messages(std::string_view json);

/// What a compiler says, with the application's files named as they are beside uk.yaml.
std::string with_own_paths(std::string_view said);

/// What one failed check means. What isn't understood is handed on as the compiler said it, so nothing gets lost.
base::error explain_check(const action& failed, std::string_view json, const registry::recipe& manifest,
                          const resolver::resolution& answer);

/// The error for an outcome in which actions with `keep_errors` failed: checks first, then the compiler's own words about
/// the application, then the linker's. None if none failed.
std::optional<base::error> explain_failures(const plan& what, const outcome& done, const registry::recipe& manifest,
                                            const resolver::resolution& answer);

} // namespace uk::build
