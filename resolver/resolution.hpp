// A resolution: one variant's chosen components, versions, options and wiring. A value; the lock is made of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "registry/index.hpp"
#include "registry/recipe.hpp"

namespace uk::resolver {

struct chosen_component {
    std::string name;
    registry::version id;
    std::map<std::string, std::string> options;  ///< every option with its value, in normal form
    const registry::entry* entry = nullptr;      ///< in the index; not part of the value
};

/// One instance in the image.
struct chosen_instance {
    std::string name;
    std::string component;
    std::vector<std::pair<std::string, std::string>>
        needs; ///< label → instance, as the recipe orders them; "" for an unfilled optional one
    std::map<std::string, std::string> settings;            ///< as given (`with:`), normal form; defaults not listed
    std::vector<std::string> labels;                        ///< manifest labels that it fills, sorted
};

struct chosen_signature {
    std::string name;
    registry::version id;
    const registry::entry* entry = nullptr;
};

struct resolution {
    std::string variant;
    std::string target;                          ///< name of the target component
    std::vector<chosen_component> components;    ///< sorted by name; the target among them, signatures not
    std::vector<chosen_signature> signatures;    ///< sorted by name
    std::vector<chosen_instance> instances; ///< in opening order: every instance behind those it needs; ties by name
    std::vector<std::pair<std::string, std::string>> wiring; ///< hole → instance; the manifest's holes by label
    std::map<std::string, std::string> image_scope; ///< signature of scope image → component
    std::vector<std::pair<std::string, std::string>> alternatives; ///< `lwip: crypto-a | crypto-b` → `crypto-b`

    const chosen_component* component(const std::string& name) const;
    const chosen_instance* instance(const std::string& name) const;
    /// Is it so for a component of this (its options; "": for the manifest), built with `profile`?
    bool holds(const registry::condition& when, const std::string& component, std::string_view profile) const;
};

} // namespace uk::resolver
