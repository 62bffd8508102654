// <component>/config.hpp: a recipe's options, settings and parameters as C++ (and options as macros for C).
#pragma once

#include <map>
#include <string>

#include "base/result.hpp"
#include "registry/recipe.hpp"

namespace uk::build {

/// The whole header; `options` holds every option's value in normal form. For the application itself the namespace is
/// `app`, for a component `uk::config::<component>`.
base::result<std::string> config_header(const registry::recipe& recipe,
                                        const std::map<std::string, std::string>& options);

/// Is there anything to say in it?
bool has_config(const registry::recipe& recipe);

/// Type of a field in C++, without std::optional: `std::uint64_t`, `mode_choice`, …
std::string cpp_type(const registry::declaration& declared);

/// A value as an expression of that type, within the component's config namespace `ns` (for choices).
std::string cpp_value(const registry::declaration& declared, const registry::value& v, std::string_view ns);

/// `app` or `uk::config::<component>`.
std::string config_namespace(const registry::recipe& recipe);

} // namespace uk::build
