// Versions and requirements: SemVer 2.0.0, with `-rN` for a repackaging; requirements read as in Cargo.
#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace uk::registry {

/// MAJOR.MINOR.PATCH[-PRE][+BUILD][-rN]; build metadata is refused in recipes. The revision orders after all else.
/// `1.2` and `1` are read as 1.2.0 and 1.0.0 where a signature's version is written (its patch means nothing).
struct version {
    unsigned major = 0, minor = 0, patch = 0;
    std::vector<std::string> pre; ///< dot-separated identifiers
    unsigned revision = 0;

    std::string text() const;      ///< as written in recipes, revision only if it isn't 0
    std::string text_short() const; ///< MAJOR.MINOR, for signatures
    bool is_prerelease() const { return !pre.empty(); }
    friend bool operator==(const version&, const version&) = default;
    friend std::strong_ordering operator<=>(const version& a, const version& b); ///< SemVer 11, then the revision
};

/// A caret as signatures mean it: the same major, for 0.x the same minor, and not older.
bool serves(const version& chosen, const version& provided);

/// Errors: input, at `where`, with what was expected.
base::result<version> parse_version(std::string_view text, const base::place& where);
base::result<version> parse_signature_version(std::string_view text, const base::place& where);

/// A comma list ("and") of `^1.2`, `~1.2.3`, `>=1`, `>1`, `<2`, `<=2`, `=1.2.3[-rN]`, `1.2` (as `^1.2`), `*`, `1.*`.
class requirement {
  public:
    requirement() = default; ///< `*`

    struct comparator {
        enum class op { any, exact, greater, greater_equal, less, less_equal, tilde, caret };
        op kind = op::any;
        unsigned major = 0;
        std::optional<unsigned> minor, patch;
        std::vector<std::string> pre;
        std::optional<unsigned> revision;
        friend bool operator==(const comparator&, const comparator&) = default;
    };

    /// Cargo's rule; a pre-release matches only if a comparator names one of the same major.minor.patch.
    bool matches(const version& v) const;
    /// As `matches`, but pre-releases are versions like any other (for `conflicts`).
    bool matches_any(const version& v) const;
    bool is_any() const { return !comparators_; }
    std::string text() const; ///< normalised, `*` for any
    /// The same for copies of one requirement, which are cheap: they share what was read.
    const void* identity() const { return comparators_.get(); }
    friend bool operator==(const requirement& a, const requirement& b) {
        return a.comparators_ == b.comparators_ ||
               (a.comparators_ && b.comparators_ && *a.comparators_ == *b.comparators_);
    }

  private:
    friend base::result<requirement> parse_requirement(std::string_view, const base::place&);
    std::shared_ptr<const std::vector<comparator>> comparators_; ///< null: any
};

base::result<requirement> parse_requirement(std::string_view text, const base::place& where);

} // namespace uk::registry
