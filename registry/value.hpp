// Values of options, settings and parameters, and how they are declared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/yaml.hpp"

namespace uk::registry {

/// The closed set of types (docs/reference/formats.md, "Types"). `secret` only for parameters, `path` only for settings.
enum class value_type { boolean, choice, integer, size, duration, text, path, ipv4, ipv4_cidr, secret };

std::string_view
type_name(value_type type); ///< as in YAML: bool, enum, int, size, duration, text, path, ipv4, ipv4-cidr, secret

/// bool; int, size (bytes), duration (ns), ipv4 (host order) as int64; all others as text in normal form.
using value = std::variant<bool, std::int64_t, std::string>;

/// The normal form, as it stands in locks and messages: `16KiB`, `250ms`, `true`.
std::string value_text(value_type type, const value& v);

/// What a recipe declares under options:, settings: or parameters:.
struct declaration {
    std::string name;
    value_type type = value_type::text;
    std::optional<value> fallback; ///< `default:`
    bool optional = false; ///< may stay unset without a default (settings, parameters)
    std::optional<std::int64_t> least, most; ///< `range: [a, b]`, both ends included
    std::vector<std::string> choices; ///< of an enum
    std::string summary;
    base::place where;
};

/// Reads one value of the declared type. Errors: input, at the node: `expected a size such as 16KiB, from 2KiB to 1MiB`.
base::result<value> read_value(const declaration& declared, const base::yaml::node& written);

/// A value as it was written, before the declaration is known.
struct written_value {
    std::string name;
    base::yaml::node node;
};

} // namespace uk::registry
