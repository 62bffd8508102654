// The names of a universe by number, and what a reader of single components can't know: who provides a signature, who sets an
// option. Made once for a universe, it serves every request; the universe must outlive it.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "resolver/names.hpp"
#include "resolver/universe.hpp"

namespace uk::resolver::facts {

using number = std::uint32_t;
inline constexpr number none = ~number{0};

class index {
  public:
    explicit index(const universe& all);

    struct component_entry {
        std::string_view name;
        const std::vector<component>* versions;
        bool plain = true; ///< no version is yanked, a singleton, or has settings
    };
    struct signature_entry {
        std::string_view name;
        const std::vector<signature>* versions; ///< empty: nobody declares it
        std::vector<number> providers; ///< components, by name
    };
    struct meaning {
        number component = none, signature = none;
    };
    struct setter {
        number owner; ///< none: the request or the target
        std::size_t version;
        std::string_view value; ///< as written
    };

    const universe& all() const { return all_; }
    const std::vector<component_entry>& components() const { return components_; } ///< by name
    const std::vector<signature_entry>& signatures() const { return signatures_; }
    meaning find(std::string_view name) const {
        const meaning* const known = names_.find(name);
        return known ? *known : meaning{};
    }
    /// The components that set this option of what has this name, a component or a signature; null: none does.
    const std::vector<setter>* setters(std::string_view name, std::string_view option) const {
        const auto at = setters_.find({name, option});
        return at == setters_.end() ? nullptr : &at->second;
    }

    bool sets_options() const { return !setters_.empty(); }

  private:
    const universe& all_;
    std::vector<component_entry> components_;
    std::vector<signature_entry> signatures_;
    name_table<meaning> names_;
    std::map<std::pair<std::string_view, std::string_view>, std::vector<setter>> setters_;
};

} // namespace uk::resolver::facts
