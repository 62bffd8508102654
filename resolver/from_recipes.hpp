// What a manifest, a lock and an index of recipes say, as facts: only what the manifest's variant can reach. Each fact keeps
// the place that it was written at. Not for others; they use resolver.hpp.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "resolver/universe.hpp"
#include "resolver/world.hpp"

namespace uk::resolver {

/// Facts of one index; several variants may be added, each becomes a request.
class recipe_facts {
  public:
    void add(const world& w);

    facts::universe all;
    /// Recipes that can't be read: they are as if they weren't there.
    std::vector<base::diagnostic> unreadable;

  private:
    int line(const base::place& where);
    void reach(const world& w, const std::string& name);
    void reach_fillers(const world& w, const std::string& signature);
    const registry::entry* read(const world& w, const std::string& name, const registry::version& id);

    facts::choice choice_of(const registry::dependency& one) const;
    facts::require require_of(const registry::require& one);
    facts::require conflict_of(const registry::require& one);
    facts::require header_of(const registry::dependency& one, const base::place& where);
    facts::named_instance instance_of(const std::string& name, const std::string& component,
                                      const std::vector<registry::written_value>& with, const base::place& where);
    facts::need need_of(const registry::need& one);
    facts::component component_of(const registry::recipe& content);
    facts::signature signature_of(const registry::recipe& content);
    facts::target target_of(const registry::recipe& content, const base::place& where);
    facts::request request_of(const world& w);
    void add_lock(const world& w, facts::request& made);

    std::set<std::string> reached_, filled_;
    std::vector<std::pair<std::string, bool>> open_; ///< names, and whether it is their fillers that are wanted
};

/// `app: a | b` of the manifest `app` is `request: a | b` as a fact; and back.
std::string alternative_as_fact(const registry::recipe& manifest, const std::string& text);
std::string alternative_as_written(const registry::recipe& manifest, const std::string& fact);

} // namespace uk::resolver
