// Names of recipes and instances as names of C++.
#pragma once

#include <string>
#include <string_view>

namespace uk::build {

/// `uart-16550` → `uart_16550`; a leading digit gets `n` in front, a keyword of C++ `_` behind.
std::string cpp_name(std::string_view name);

/// A string literal, quotes included.
std::string cpp_string(std::string_view text);

} // namespace uk::build
