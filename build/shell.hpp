// Commands as people paste them.
#pragma once

#include <string>
#include <vector>

namespace uk::build {

/// Words that a shell reads back as `arguments`.
std::string shell_line(const std::vector<std::string>& arguments);

} // namespace uk::build
