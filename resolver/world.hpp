// What one search looks at: the manifest, the target, the index, and the instances that are known beforehand. Not for
// others; they use resolver.hpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "resolver/resolver.hpp"

namespace uk::resolver {

/// An instance that something may be filled with.
struct known_instance {
    std::string name, component;
    std::map<std::string, std::string> needs;          ///< label → instance that its namer chose
    std::vector<registry::written_value> with;
    bool named = false;                                ///< by the manifest
    base::place where;
};

/// `use:` for a hole, by whoever said it.
struct use {
    std::string filler;
    base::place where;
};

struct world {
    const request& asked;
    const registry::recipe& manifest;
    const registry::variant& variant;
    const registry::index& components;
    const registry::entry* target = nullptr;
    std::map<std::string, known_instance> instances;   ///< named ones
    std::map<std::string, use> uses;                   ///< hole → filler
    std::map<std::string, std::string> same;           ///< label → label
    std::map<std::string, std::map<std::string, std::pair<registry::written_value, base::place>>>
        set; ///< component → option → value

    /// Errors: input: an unknown target, instance, label or component, each with a suggestion.
    static base::result<world> make(const request& asked);

    /// The recipe; null if it is unreadable or unknown (then `problem` holds the reading's error).
    const registry::entry* find(const std::string& name, const registry::version& id) const;
    mutable std::optional<base::error> problem;

    base::result<void> check_names() const; ///< of holes and options that the manifest speaks of
    /// The signature's newest recipe: its scope and whether it is exclusive. Null if it is unknown.
    const registry::entry* signature(const std::string& name) const;
    bool is_image_scope(const std::string& name) const;
    /// The instance of that name: named, or a component's default one.
    std::optional<known_instance> instance(const std::string& name) const;
};

} // namespace uk::resolver
