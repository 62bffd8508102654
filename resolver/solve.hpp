// Solves one request of a universe: the first answer in the order of docs/explanation/resolution.md, or the lines that rule
// every answer out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "resolver/core/solver.hpp"
#include "resolver/index.hpp"
#include "resolver/universe.hpp"

namespace uk::resolver::facts {

/// Rules of wiring: a need's line alone doesn't say which of them stands in the way.
enum class rule { none, circle, exclusive, shared };

struct answer {
    struct component {
        std::string name;
        registry::version id;
        std::map<std::string, std::string> options; ///< every option with its value
    };
    struct signature {
        std::string name;
        registry::version id;
    };
    struct wire {
        std::string hole, signature, instance, component; ///< no instance: unfilled, or an image-wide signature
        /// As a lock writes it: `-` is unfilled.
        std::string filler() const { return !instance.empty() ? instance : component.empty() ? "-" : component; }
    };
    struct alternative {
        std::string at, chosen;
    };

    bool solved = false;
    std::vector<component> components; ///< each list is sorted by its first field
    std::vector<signature> signatures;
    std::vector<wire> wiring;
    std::vector<alternative> alternatives;
    std::vector<int> because; ///< not solved: lines that have no solution together, sorted
    std::vector<std::pair<int, rule>> rules; ///< not solved: the rules of wiring that take part, by a need's line
};

/// Errors: failed, when a limit is reached. Several requests share an index.
base::result<answer> solve(const index& known, const request& asked, core::limits most = {});
base::result<answer> solve(const universe& all, const request& asked, core::limits most = {});

/// The error that a limit was reached.
base::error out_of_limits(const index& known, const request& asked, core::limits most);

/// As solve, but without reasons when there is no answer: none, also when a limit is reached.
std::optional<answer> find(const index& known, const request& asked, core::limits most);

/// Is there an answer? As solve, but without reasons when there is none.
core::outcome outcome_of(const index& known, const request& asked, core::limits most);

/// Do these lines have no solution, even if all other demands are left out? What checks an explanation.
bool is_contradiction(const universe& all, const request& asked, const std::vector<int>& lines);

} // namespace uk::resolver::facts
