// Reading mappings field by field: every mistake is collected, not only the first, and an unknown field gets a suggestion.
// Each kind of mapping has its table of fields here; docs/schema has the same names (a test compares them).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/yaml.hpp"

namespace uk::registry {

using base::fail;
using base::place;
using base::status;
using base::yaml::node;

/// The fields of one kind of mapping.
struct field_set {
    std::string_view object; ///< its name in the schema: `buildStep`
    std::string_view title; ///< for messages: `a build step`
    std::span<const std::string_view> names;
    std::span<const std::string_view> later; ///< known, but not supported by this version
};

/// All of them, for the test.
std::span<const field_set* const> all_field_sets();

namespace sets {
extern const field_set component, manifest, variant, need, require_options, origin, address, step, include, declaration,
    concept_, archetype, conformance, implementation, instance, memory, memory_region, compiler, run, location,
    workspace, local, registry;
}

/// The mistakes of one file. After 50 it only counts.
class problems {
  public:
    void add(base::error one);
    template <class... Arguments>
    void add(const place& where, fmt::format_string<Arguments...> text, Arguments&&... arguments) {
        add(fail(status::input, where, text, std::forward<Arguments>(arguments)...));
    }
    /// The value, or nothing and one more mistake.
    template <class T>
    std::optional<T> keep(base::result<T> read) {
        if (read) return *std::move(read);
        add(std::move(read).error());
        return std::nullopt;
    }
    bool any() const { return !all_.empty(); }
    /// All of them, in the order of the file.
    base::error take();

  private:
    std::vector<base::diagnostic> all_;
    std::size_t beyond_ = 0;
};

/// One mapping, while it is read. Unknown fields are reported at once; each reader reports what has the wrong type and
/// returns the empty value then.
class fields {
  public:
    fields(const node& map, const field_set& set, problems& found);

    const place& where() const { return map_.where; }
    bool is_mapping() const { return map_.is_mapping(); }
    bool has(std::string_view name) const { return find(name) != nullptr; }
    const node* find(std::string_view name) const;
    /// Where the key stands (or the mapping, if there is none).
    place where(std::string_view name) const;

    std::string text(std::string_view name) const;
    bool flag(std::string_view name, bool fallback = false) const;
    std::optional<std::uint64_t> size(std::string_view name) const;
    std::vector<std::string> texts(std::string_view name) const;
    /// Paths or globs inside the tree, in normal form.
    std::vector<std::string> paths(std::string_view name) const;
    std::string path(std::string_view name) const;
    /// One of `choices`; empty if it isn't there.
    std::string choice(std::string_view name, std::span<const std::string> choices) const;
    /// Reports that it is missing, unless a mistyped field was already reported in its place.
    void need(std::string_view name) const;
    bool is_mistyped(std::string_view name) const;

  private:
    const node& map_;
    const field_set& set_;
    problems& found_;
    std::vector<std::string> mistyped_; // the fields that unknown ones were meant to be
};

/// The text of a scalar; reports another type: `expected text for `license``.
std::string read_text(const node& value, std::string_view name, problems& found);
/// Reports a bad name: `the label `a.b`: it can't hold a dot`.
bool check_name(std::string_view name, const place& where, std::string_view what, bool with_dots, problems& found);

} // namespace uk::registry
