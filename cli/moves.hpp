// What a new lock changes in the components of each variant, for people and as JSON.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "resolver/lock.hpp"

namespace uk::cli {

struct move {
    std::string name, before, after; ///< versions; empty: not there
};
/// What changes between versions by name: first what is there afterwards, by name, then what isn't.
std::vector<move> moves_between(const std::map<std::string, std::string>& before,
                                const std::map<std::string, std::string>& after);
/// "`http` from 1.0.0 to 2.0.0", with other words for `from`; or what comes in or goes.
std::string in_words(const move& one, std::string_view from);

/// `[{"variant", "name", "before", "after"}]`, versions; empty: not there.
base::json moves_between(const resolver::lock& before, const resolver::lock& after);
/// "kvm: `http` from 1.0.0 to 2.0.0", a line each.
std::string moves_text(const base::json& moves);

} // namespace uk::cli
