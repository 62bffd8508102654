// The facts of an explanation as sentences: each says one thing of one component, the request or a signature. Not for
// others; they use explain.hpp.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "resolver/solve.hpp"

namespace uk::resolver::facts {

/// What several versions of a component say alike is one sentence.
struct sentence {
    enum class type {
        target,
        require,
        conflict,
        over,
        need,
        provide,
        absent,
        setting,
        yanked,
        singleton,
        use,
        same,
        set
    };
    type kind = type::require;
    std::string owner; ///< a component or signature; empty: the request
    std::vector<registry::version> of; ///< versions of it, newest first
    std::string says; ///< behind its subject: "requires `core ^1`"
    std::vector<std::string> leads_to; ///< components and signatures that it names
    const require* required = nullptr; ///< also of `over`, `conflicts` and a signature's lines
    const need* needed = nullptr;
    const provide* provided = nullptr;
    const equation* equal = nullptr;
    std::vector<int> lines;
};

/// The sentences of these lines: the request's first, in its own order, then by owner.
std::vector<sentence> sentences_of(const universe& all, const request& asked, const std::set<int>& lines);

/// `core ^1`, or `core` where any version will do.
std::string text_of(const choice& one);
/// `1.0.0, 1.1.0 to 1.4.0 and 2.0.0`, of all versions of a component.
std::string range_text(const std::vector<component>& all, const std::vector<registry::version>& some);

} // namespace uk::resolver::facts
