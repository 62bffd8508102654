// `when:` conditions: a tiny closed language, checked when the recipe is read.
// condition := or; or := and {"or" and}; and := not {"and" not}; not := "not" not | "(" or ")" | name op literal
// names: target.arch, target.family, target.name, target.profile, option.X; ops: == != and, for numbers, < > <= >=
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "registry/value.hpp"

namespace uk::registry {

class condition {
  public:
    condition() = default; ///< always true

    bool always() const { return !read_; }
    /// `look_up` gives the normal text of `target.arch` or `option.ipv6`; a name that it doesn't know makes a comparison false.
    bool holds(const std::function<std::optional<std::string>(std::string_view)>& look_up) const;
    /// Names of options that it mentions.
    std::set<std::string> options() const;
    std::string text() const; ///< as written, "" for always
    const base::place& where() const;

  private:
    struct expression;
    friend class condition_parser;
    friend base::result<condition> parse_condition(std::string_view, const std::vector<declaration>&,
                                                   const base::place&);
    struct whole;
    std::shared_ptr<const whole> read_; ///< null: always; most are, so it is small
};

/// Errors: input: unknown property or option (with suggestion), a value that the option can't have, syntax (with column).
base::result<condition> parse_condition(std::string_view text, const std::vector<declaration>& options,
                                        const base::place& where);

} // namespace uk::registry
