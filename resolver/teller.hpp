// An explanation in the making: what is said in which order (explain.cpp), and what stands above it (headline.cpp). Not for
// others; they use explain.hpp.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "resolver/encoding.hpp"
#include "resolver/explain.hpp"
#include "resolver/sentences.hpp"

namespace uk::resolver::facts {

class teller {
  public:
    teller(const index& known, const request& asked, const answer& none, const telling& how);

    base::error tell();

  private:
    using type = sentence::type;
    using versions = std::vector<registry::version>;

    /// From the request downwards; what is said of a component follows what asks for it.
    void say_all(std::vector<base::note>& notes);
    void add_sentences_of(const std::string& name, const sentence& asking, std::vector<const sentence*>& to) const;
    /// It requires a signature that isn't provided by what an image has once.
    bool is_misplaced(const sentence& one) const;
    std::string hole_of(const sentence& need) const { return encoding::hole_name(need.owner, need.needed->label); }
    void say(const sentence& one, std::vector<base::note>& notes) const;
    /// Behind a requirement that nothing can satisfy.
    std::string what_there_is(const sentence& one) const;
    bool can_be(const std::string& component, std::string_view option, const std::string& value) const;
    void say_who_does_not_fit(const sentence& one, const choice& wanted, std::vector<base::note>& notes) const;
    std::string component_of(const std::string& instance) const;
    std::string asker() const { return fmt::format("`{}`", how_.asker); }
    std::string subject(const sentence& one) const;
    std::string who_accepts(const std::string& component) const;
    /// What all that ask for it accept; what one component asks for in several versions is taken together.
    const versions& accepted_of(const std::string& component) const;
    versions find_accepted(const std::string& component) const;
    /// The components that provide a signature in any version, by name.
    std::vector<std::string> providers_of(const std::string& signature) const;
    const sentence* first(type kind) const;
    std::string headline() const;
    /// Is each version of it yanked that would do?
    bool is_yanked(const std::string& component) const;
    /// The one thing that the request asks for, if that is a need.
    const sentence* only_need() const;
    /// Two sentences that set an option of one component differently; empty: none.
    std::string option_clash() const;
    std::string hint() const;

    const index& known_;
    const universe& all_;
    const request& asked_;
    const answer& none_;
    const telling& how_;
    const std::vector<sentence> sentences_;
    std::map<std::string, std::vector<const sentence*>> asks_; ///< by whom a name is required, alternatives aside
    std::map<std::string, std::vector<const sentence*>> of_; ///< by owner, in order
    std::map<std::string, std::vector<const sentence*>> uses_; ///< by hole
    mutable std::map<std::string, versions> accepted_; ///< what accepted_of has found
    std::set<const sentence*> said_;
};

} // namespace uk::resolver::facts
