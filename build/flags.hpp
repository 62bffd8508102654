// The compiler's and linker's flags: what uk itself decides, by language, profile and target (docs/explanation/build.md).
// A recipe can only say the few typed things that registry::build_step has.
#pragma once

#include <string>
#include <vector>

#include "build/toolchain.hpp"
#include "registry/recipe.hpp"

namespace uk::build {

/// What flags depend on.
struct flag_request {
    const toolchain& tools;
    const registry::target_part& target;
    std::string profile;
};

/// Where headers are looked for, in order of search.
struct search_path {
    std::vector<std::string> own; ///< of uk's components: before everything else
    std::vector<std::string> system; ///< of C components: behind the C++ library's, without warnings
};

/// Compiler and flags up to, not including, `-c FILE -o FILE`.
std::vector<std::string> compile_flags(const flag_request& how, const registry::build_step& step,
                                       const search_path& headers);

/// Linker driver and flags, without the objects.
std::vector<std::string> link_flags(const flag_request& how);

} // namespace uk::build
