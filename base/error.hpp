// What went wrong, for a person: a headline, where, who wanted what, and what to do. Errors are values; see result.hpp.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/place.hpp"

namespace uk::base {

/// Which kind of failure, and so which exit status `uk` ends with (docs/reference/statuses.md).
enum class status {
    failed = 1, ///< the answer is no: a check didn't hold, an action failed
    usage = 2, ///< the command line is wrong
    input = 3, ///< a manifest, recipe, target, lock or setting is wrong
    unsolvable = 4, ///< no resolution exists
    source = 5, ///< a source can't be fetched, or isn't what its hash says
    outdated = 6, ///< --locked, and the lock doesn't answer the manifest
    environment = 7, ///< this machine lacks something: a tool, a permission, disk space
    internal = 70, ///< a bug in uk
    interrupted = 130 ///< Ctrl-C
};

/// One line below the headline: `needed by   …   recipes/http/recipe.yaml:7`.
struct note {
    std::string label; ///< `needed by`, `looked in`, `first here`, …
    std::string text;
    place where;
    friend bool operator==(const note&, const note&) = default;
};

/// One mistake. The headline is a sentence without full stop, lower case, names in backticks.
struct diagnostic {
    place where;
    std::string message;
    std::vector<note> notes;
    std::string hint; ///< what to do: a command or a line to change
    friend bool operator==(const diagnostic&, const diagnostic&) = default;
};

/// One or more diagnostics of one status, and the chain of what was being done, innermost first.
/// [[nodiscard]] by way of result<T>.
class error {
  public:
    error(status kind, diagnostic first);
    error(status kind, std::string message, place where = {}, std::string hint = {});

    status kind() const { return kind_; }
    const std::vector<diagnostic>& diagnostics() const { return diagnostics_; }
    const std::vector<std::string>& context() const { return context_; }

    error& hint(std::string text) &; ///< of the last diagnostic
    error&& hint(std::string text) &&;
    error& add(note one) &; ///< to the last diagnostic
    error&& add(note one) &&;
    error& add_context(std::string doing) &; ///< `reading the recipe of lwip`
    error&& add_context(std::string doing) &&;
    error& merge(error other) &; ///< other's diagnostics behind these

  private:
    status kind_;
    std::vector<diagnostic> diagnostics_;
    std::vector<std::string> context_;
};

/// Shorthand: `return fail(status::input, place, "unknown field `{}`", name)`.
template <class... Arguments>
error fail(status kind, place where, fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    return error{kind, fmt::format(text, std::forward<Arguments>(arguments)...), std::move(where)};
}

/// The form for terminals and logs, ending with a newline; control characters of names are escaped.
/// `colour` adds SGR codes to `error:` and `hint:` only.
std::string render(const error& what, bool colour);
/// The same for one warning: `warning: …`.
std::string render_warning(const diagnostic& what, bool colour);

} // namespace uk::base
