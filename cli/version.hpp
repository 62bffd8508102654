// What this uk is.
#pragma once

namespace uk::cli {

inline constexpr const char* version = "0.1.0";
inline constexpr const char* version_text = "uk 0.1.0";

} // namespace uk::cli
