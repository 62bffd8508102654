// Small changes of a manifest's text that leave all else as it is: comments, order, style.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace uk::registry {

/// Adds `name: versions` behind the entries of `requires:`, or before `targets:` if there are none. Errors: input, when the
/// text isn't a manifest, requires it already or writes its list in a way that isn't understood here.
base::result<std::string> add_require(std::string_view text, const std::string& file, const std::string& name,
                                      const std::string& versions);

/// Takes the entry of that name out of `requires:`, with what stands on its lines. Errors: as above; input, when there is none.
base::result<std::string> remove_require(std::string_view text, const std::string& file, const std::string& name);

} // namespace uk::registry
