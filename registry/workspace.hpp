// A workspace: several applications and components with one lock. Its uk.yaml names their folders, and what holds for all of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/yaml.hpp"
#include "registry/location.hpp"
#include "registry/recipe.hpp"

namespace uk::registry {

struct workspace {
    struct pattern {
        std::string text; ///< a folder below; `*` and `?` in its parts
        base::place where;
    };
    std::vector<pattern> members;
    std::map<std::string, location> registries, overrides;
    std::optional<dependency> toolchain;
    base::place where; ///< its `workspace:`
};

/// Does a uk.yaml say `workspace:`? Then it isn't an application's.
bool is_workspace(const base::yaml::node& file);
base::result<workspace> read_workspace(const base::yaml::node& file);

} // namespace uk::registry
