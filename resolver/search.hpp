// A plain backtracking search for the first answer in the order of docs/explanation/resolution.md: decide in the order of
// the walk, the most preferred candidate first, step back when nothing fits. Not for others; they use resolver.hpp.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "resolver/world.hpp"

namespace uk::resolver {

/// Who wants something, for messages: `http 0.3.1` at recipes/http/recipe.yaml:7.
struct asker {
    std::string who;
    base::place where;
};

/// What a component's version has to be: match a requirement, or provide a signature in a version that matches.
struct constraint {
    registry::requirement versions;
    std::string provides; ///< the signature; empty: the component's own version
    asker by;
};

/// Everything decided so far. Copied at each choice between several candidates.
struct search_state {
    std::map<std::string, const registry::entry*> chosen; ///< component → version
    std::map<std::string, std::vector<constraint>> wanted; ///< component → what is asked of it
    std::map<std::string, std::vector<std::tuple<std::string, registry::written_value, asker>>>
        sets; ///< component → option, value, who sets it
    std::map<std::string, std::map<std::string, std::pair<std::string, asker>>>
        options; ///< component → option → value that a `when` was decided with
    std::map<std::string, std::vector<constraint>> signatures; ///< signature → what is asked of its version
    std::map<std::string, const registry::entry*> chosen_signatures;
    std::map<std::string, std::string> image_scope; ///< signature → component
    std::map<std::string, std::string> wiring; ///< hole → instance ("" for an unfilled optional one)
    std::vector<std::string> instances; ///< in order of arrival
    std::map<std::pair<std::string, std::string>, std::string>
        exclusive; ///< instance and exclusive signature → the hole
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> holes; ///< instance → label → instance
    std::map<std::string, std::string> alternatives;
    std::map<std::string, std::pair<std::string, asker>>
        parents; ///< component → who brought it in first: an instance or component ("": the manifest)
    std::map<std::string, std::pair<std::string, asker>> instance_parents; ///< instance → the same
    bool complete = false;

    /// What is still to be decided, in order.
    struct step {
        enum class type { component, options, requires_, need, instance, signatures };
        type kind;
        std::string name; ///< of the component or instance; "" for the manifest
        std::size_t index = 0; ///< of the option, require or need
        bool operator==(const step&) const = default;
    };
    std::deque<step> now; ///< of what is being visited
    std::deque<step> later; ///< arrived, not yet visited
};

/// Soft constraints, the more important first; each is kept where a solution exists with it and those before it.
struct wishes {
    std::map<std::string, std::string> wiring; ///< locked holes: that filler, or not in the image
    std::map<std::string, std::string> alternatives;
    std::map<std::string, std::set<std::string>> versions; ///< component → allowed version texts (or absent)
    std::map<std::string, std::string> signature_preference; ///< signature → locked version
};

/// `lwip 2.1.3-r1`, for messages.
std::string called(const registry::entry& entry);
/// The option of that name, or null.
const registry::declaration* option_of(const registry::recipe& content, const std::string& name);

class search {
  public:
    search(const world& w, const wishes& soft) : world_{w}, soft_{soft} {}

    /// The first answer; none: `failure` says why.
    std::optional<search_state> run();
    /// The reason of the first dead end that got furthest.
    const base::error& failure() const { return *failure_; }

  private:
    using step = search_state::step;
    using apply = std::function<bool(search_state&)>;

    bool solve(search_state& s);
    bool decide(search_state& s, const step& what);
    bool choose(search_state& s, const std::vector<apply>& candidates);

    bool decide_component(search_state& s, const std::string& name);
    bool decide_option(search_state& s, const std::string& component, std::size_t index);
    bool decide_require(search_state& s, const std::string& component, std::size_t index);
    bool decide_need(search_state& s, const std::string& instance, std::size_t index);
    bool decide_instance(search_state& s, const std::string& name);
    bool decide_signatures(search_state& s);

    bool want(search_state& s, const std::string& component, constraint c, const std::string& parent);
    bool set_option(search_state& s, const std::string& component, const registry::written_value& value,
                    const asker& by);
    bool fill_image_scope(search_state& s, const std::string& signature, const std::string& component,
                          const registry::requirement& versions, const asker& by, const std::string& parent);
    bool fits(const search_state& s, const registry::entry& entry, std::string* why_not,
              base::place* where = nullptr) const;
    bool reaches(const search_state& s, const std::string& from, const std::string& to,
                 std::vector<std::string>& path) const;
    bool holds(const search_state& s, const registry::condition& when, const std::string& component) const;
    bool is_decided(const search_state& s, const registry::condition& when, const std::string& component) const;
    const registry::implementation* provides(const search_state& s, const registry::recipe& content,
                                             const std::string& signature, const registry::requirement& versions) const;
    bool options_are_set(const search_state& s);
    std::vector<std::string> candidates_for(const search_state& s, const std::string& hole,
                                            const registry::dependency& wanted, bool image_scope,
                                            std::vector<base::note>& why_not) const;
    asker asker_of(const search_state& s, const std::string& name, const base::place& where) const;
    bool dead_end(const search_state& s, base::error why);

    const world& world_;
    const wishes& soft_;
    std::optional<base::error> failure_;
    std::size_t furthest_ = 0;
    std::size_t steps_ = 0;
    bool solved_ = false; ///< an inner choice has found the whole answer
};

/// The value that a complete search stands for. Errors: input, a setting that isn't declared or of another type.
base::result<resolution> make_resolution(const world& w, const search_state& s);

} // namespace uk::resolver
