// Actions as people name them: as progress names them, or a part of that; or by digest.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "build/forecast.hpp"

namespace uk::cli {

/// Is it a digest, or the first eight digits of one or more?
bool is_digest(std::string_view name);

/// The actions that `name` means: all with that digest, else with that label, else all that have it in their name, if
/// that is one label. Errors: input: none does, or several do; both are named.
base::result<std::vector<std::size_t>> find_actions(const build::plan& plan, const build::forecast& seen,
                                                    const std::string& name);

} // namespace uk::cli
