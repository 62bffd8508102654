// Universes as text, for tests: a fact a line, as docs/explanation/resolution.md shows. A reader turns the facts into
// recipes and manifests in YAML and gives them to the registry's own reader, so that the resolver sees what it sees in life.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "registry/index.hpp"
#include "registry/recipe.hpp"
#include "resolver/lock.hpp"
#include "resolver/resolver.hpp"

namespace uk::resolver::testing {

/// One `request` block: a manifest with one variant, named like its target.
struct asked {
    std::string yaml;
    registry::recipe manifest;
    lock locked;
    bool has_lock = false;
    std::vector<std::string> update;
};

struct universe {
    std::filesystem::path folder; ///< a registry on disk; removed at the end
    std::vector<std::pair<std::string, std::string>> recipes; ///< path in the registry → YAML
    std::vector<registry::index> index; ///< one
    std::vector<asked> requests;

    universe() = default;
    universe(universe&&) = default;
    universe& operator=(universe&&) = delete;
    ~universe();

    /// The request as the resolver takes it; valid as long as this is.
    request question(std::size_t number = 0) const;
};

/// Reads the text and writes the registry. Throws std::runtime_error with the line when the text is wrong.
universe read_universe(std::string_view text);

/// Lines with the same alternatives are one choice; brute force lists a choice for each and keeps the last.
bool repeats_an_alternative(std::string_view text);

/// An answer in lines, for comparing: `a 1.0.0 {o = true}`, `hole = instance` (`-`: unfilled), `a: b | c = b`, `:signature 1.0.0`.
std::string lines_of(const resolution& answer);

} // namespace uk::resolver::testing
