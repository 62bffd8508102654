// A toolchain's programs, made to start through the toolchain's own dynamic loader instead of the machine's: so they run wherever their tree
// is put, on any Linux, without root and with nothing installed.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace uk::registry {

/// Where actions see a toolchain's tree, relative to the folder that they run in.
inline constexpr const char* toolchain_place = "toolchain";

/// Copies `loader` (a file of `tree`) to `ld.so` at the tree's root, and makes `toolchain/ld.so` the interpreter of every ELF program in it.
/// The kernel looks for that from the current folder. "" or what is wrong with the tree. Errors: environment.
base::result<std::string> use_own_loader(const std::filesystem::path& tree, const std::string& loader);

} // namespace uk::registry
