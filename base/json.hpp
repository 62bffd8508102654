// JSON is nlohmann's; keys come out sorted, so output is canonical.
#pragma once

#include <nlohmann/json.hpp>

namespace uk::base {

using json = nlohmann::json;

} // namespace uk::base
