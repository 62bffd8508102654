// The order of choices: what is locked, what is being updated, then breadth-first from the request to whatever it brings in,
// signatures last. A walk only looks at what was chosen, never at what the core has deduced. It remembers what each decision
// found, so that it goes on from there when later ones are undone. Not for others; see solve.hpp.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "resolver/bringers.hpp"
#include "resolver/encoding.hpp"
#include "resolver/solve.hpp"

namespace uk::resolver::facts {

class walk {
  public:
    explicit walk(encoding& of);

    enum class pause {
        settle, ///< something was decided or added: draw conclusions, then go on
        done ///< everything is chosen
    };
    pause go();
    /// Decides that `on` is 1, which demands these lines of a further request, and goes on with them; only when done, or at the
    /// beginning. They must outlive the walk.
    void ask(core::variable on, const std::vector<require>& lines);
    /// Forgets what was found since the decisions that still hold.
    void undo_to(std::uint32_t level);
    /// The answer; only when done.
    answer result();

  private:
    /// Lines of one owner, from `index` on: a component's, an instance's; none: the request's.
    struct step {
        enum class type : std::uint8_t { wish, require, target_require, need, visit, instance, option };
        type kind = type::visit;
        number owner = none;
        number index = 0, end = 1;
    };
    /// Where the walk is: the steps to take now, the last first, and the next of `later_`.
    struct position {
        std::array<step, 5> now;
        number count = 0;
        std::size_t next = 0;
    };
    /// What can be undone.
    enum class found : std::uint8_t {
        later,
        reached,
        in_image,
        visited,
        reached_instance,
        wire,
        image_wire,
        alternative,
        edge,
        exclusive,
        set,
        signature
    };
    struct record {
        found what;
        number of;
    };
    struct mark {
        position at;
        std::size_t records;
    };
    struct wire {
        number owner; ///< instance; none: the request
        std::string_view label;
        std::string_view signature;
        number filler; ///< instance; none: unfilled
        number component; ///< of an image-wide signature
        core::variable hole;
    };
    struct edge {
        number filler;
        core::variable hole;
    };
    struct wish {
        core::variable of;
        std::vector<core::value_set> sets; ///< the preferred first
    };

    bool take(const step& what);
    void push(step::type kind, number owner, std::size_t end);
    void decide(core::variable of, const core::value_set& in);
    bool choose(core::variable of, const std::vector<core::value_set>& preferred);
    bool choose(core::variable of, core::value v);
    bool require_line(number owner, std::string_view owner_name, const require& line);
    bool choose_alternative(number a, const require& line);
    bool need_line(number owner, const need& line);
    bool visit(number component);
    bool visit_instance(number instance);
    bool option(number component, std::size_t index);
    bool signatures();
    bool options_are_set();
    terms why_unset(number component, const registry::declaration& declared);
    bool ends_where_it_began(number owner, number filler, terms& circle);
    bool pick(const choice_variable& from, std::string_view signature, bool image);
    void rule_out_taken(number owner, const need& line, const choice_variable& mine);
    bool goes_in_a_circle(number owner, const need& line, core::variable mine, number filler);
    void reach(number component);
    void reach_instance(number instance);
    bool mark_once(std::vector<bool>& flags, number of, found what);
    void add_wishes();
    core::value newest(number component);
    const std::vector<core::value>& oldest_first(number component);
    std::size_t rank(std::string_view signature, std::string_view name) const;
    void undo(const record& one);

    static bool is_set(const std::vector<bool>& flags, number of) { return of < flags.size() && flags[of]; }

    encoding& of_;
    const std::vector<require>* asked_; ///< lines of the request that is being walked
    std::vector<wish> wishes_;
    position at_, before_; ///< now, and where the step that is being taken began
    std::vector<step> later_;
    std::vector<mark> marks_; ///< one a decision
    std::vector<record> records_;

    std::vector<bool> reached_, image_, visited_, reached_instances_, image_wired_, chosen_signatures_;
    std::vector<number> visits_; ///< components, in order
    std::vector<number> image_list_, reached_list_; ///< components, instances, in order
    std::vector<wire> wires_, exclusive_; ///< the latter: those of exclusive signatures
    std::vector<std::pair<std::string, std::string_view>> alternatives_;
    std::vector<std::vector<edge>> out_; ///< by instance
    std::vector<std::pair<number, std::string_view>> set_keys_;
    std::set<std::pair<number, std::string_view>> set_; ///< component and option that something chosen sets
    std::vector<number> by_name_; ///< signatures
    std::optional<bringers> bringers_; ///< once something asks
    std::unordered_map<number, std::vector<core::value>> oldest_first_;
    std::vector<std::pair<number, core::variable>> came_; ///< by instance: from where, over which hole
    std::vector<std::uint32_t> seen_; ///< by instance: the last search that saw it
    std::uint32_t searches_ = 0;
};

} // namespace uk::resolver::facts
