// Strict YAML: what a person may write in our files, as a tree with places. Built on yaml-cpp's event parser, because its
// loader is too kind (docs/explanation/formats.md). Refused, each with its place: anchors, aliases, tags, merge keys,
// duplicate keys, a second document, trailing content, depth over 32, over 100,000 events, NUL, invalid UTF-8, over 4 MiB.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace uk::base::yaml {

struct node {
    enum class type { null, scalar, sequence, mapping };

    type kind = type::null;
    place where;
    std::string text; ///< scalar: as written (quotes resolved); never interpreted
    bool quoted = false; ///< scalar: in quotes, so never null or bool
    std::vector<node> items; ///< sequence
    std::vector<std::pair<node, node>> entries; ///< mapping, in the order written; keys are scalars

    bool is_null() const { return kind == type::null; }
    bool is_scalar() const { return kind == type::scalar; }
    bool is_sequence() const { return kind == type::sequence; }
    bool is_mapping() const { return kind == type::mapping; }
    /// The value of `key` of a mapping, or null.
    const node* find(std::string_view key) const;
};

/// One document; empty text is a null node. `file` is the name that places carry.
result<node> parse(std::string_view text, const std::string& file);

/// Quotes a scalar for output when it needs it, so that `parse` gives it back.
std::string quote(std::string_view scalar);

} // namespace uk::base::yaml
