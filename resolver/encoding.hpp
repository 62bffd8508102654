// A universe and a request as variables and nogoods of the core. Things get a number, and are encoded, when they are first
// reached: what no choice brings in costs nothing. The nogoods say what must hold; what is preferred is for walk.hpp. Not for
// others; they use solve.hpp.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "resolver/core/solver.hpp"
#include "resolver/index.hpp"
#include "resolver/numbers.hpp"
#include "resolver/solve.hpp"

namespace uk::resolver::facts {

/// A term that owns its values.
struct condition_term {
    core::variable of;
    core::value_set in;
};
using terms = std::vector<condition_term>;

/// The versions whose demands are encoded: none, one, or all.
struct encoded_versions {
    core::value one = 0;
    bool all = false;

    /// Takes note that `wanted` (0: all) is to be encoded now. What that is (0: all); nothing, if it is already.
    std::optional<core::value> add(core::value wanted) {
        if (all || (wanted != 0 && one == wanted)) return std::nullopt;
        if (one == 0 && wanted != 0) return one = wanted;
        all = true;
        return 0;
    }
};

/// A component: value 0 is absent, value i + 1 its i-th version, newest first.
struct component_variable {
    std::string_view name;
    const std::vector<component>* versions; ///< empty: nobody has it
    core::variable of;
    bool plain = true; ///< of the index
    number instance = none; ///< that of its own name, once it is reached
    encoded_versions encoded;
    bool one_instance = false; ///< what a singleton demands is encoded
};

/// An instance, in the image (1) or not (0).
struct instance_variable {
    std::string_view name;
    number component;
    core::variable of;
    bool named = false; ///< by the request
    encoded_versions encoded; ///< of its component
};

struct signature_variable {
    std::string_view name;
    const std::vector<signature>* versions; ///< empty: nobody declares it
    std::span<const number> providers; ///< numbers of the index
    core::variable of =
        none; ///< 0: not in the image; value i + 1 its i-th version, newest first; none: not reached yet
    number hole = none; ///< of one with scope image
    core::variable owner = none; ///< likewise: which provider is in the image
};

/// A hole, an image-wide signature's hole or an alternative. 0: not in the image, as far as anybody knows: nothing keeps it
/// from having a name when nothing asks for it, and then nobody looks. 1: unfilled (holes only). Then the names.
struct choice_variable {
    core::variable of;
    std::vector<std::string_view> names; ///< sorted, but for an alternative
    std::vector<number> fillers; ///< instances; for an image-wide signature, components; for an alternative, none
    core::value first = 1; ///< of the names

    /// 0 for a name that it doesn't have.
    core::value value_of(std::string_view name) const;
};

/// An option: 0: nobody sets it; then the values that somebody sets, in normal form.
struct option_variable {
    core::variable of;
    std::vector<std::string> values;
};

/// The lines that count, when an explanation is being shrunk.
using line_set = std::vector<bool>;

class encoding {
  public:
    /// `only`: null: all lines count.
    encoding(const index& known, const request& asked, core::limits most, const line_set* only);

    core::solver& solver() { return solver_; }
    const index& known() const { return known_; }
    const request& asked() const { return asked_; }
    const target& aim() const { return target_; }

    number component_of(std::string_view name);
    number instance_of(std::string_view name);
    number signature_of(std::string_view name); ///< none: nobody declares or provides it
    /// The signature of that name or, where there is none, the component.
    index::meaning meaning_of(std::string_view name);
    component_variable& component_at(number c) { return components_[c]; }
    instance_variable& instance_at(number i) { return instances_[i]; }
    signature_variable& signature_at(number s) { return signatures_[s]; }
    choice_variable& choice_at(number h) { return choices_[h]; }
    std::size_t signature_count() const { return signatures_.size(); }
    core::variable version_of_signature(number s);
    number image_hole(number signature);
    option_variable& option(number component, std::string_view name);
    /// The hole of an instance (none: the request's own). The label is one of the component's needs.
    number hole(number instance, std::string_view label);
    /// The alternative of these names in a component (empty: the request): lines with the same names are one choice.
    number alternative(std::string_view owner, const require& line);
    /// `label` of the request's, `instance/label`.
    static std::string hole_name(std::string_view owner, std::string_view label);
    static std::string alternative_text(std::string_view owner, const require& line);
    /// What is known beforehand, `target.arch` and so on; none: no such property.
    static std::optional<std::string> property(const request& asked, const target& aim, std::string_view name);

    /// Adds what the request itself demands; what this version of a component does, also as an instance. When a second version is
    /// tried, all of them.
    void encode_request();
    /// What a further request demands where `on` is 1: one that only requires, is over signatures and forbids.
    void encode_further(const request& asked, core::variable on);
    void encode_component(number c, core::value only);
    void encode_instance(number i, core::value only);
    /// Do all versions of a component count at once, since every line that counts is known to matter?
    bool takes_all_versions() const { return only_ != nullptr; }
    /// Must not all hold, because of that line.
    void forbid(const terms& all, int line, rule why = rule::none);
    void forbid(const terms& when, const condition_term& and_this, int line);
    /// Does this line count?
    bool counts(int line) const {
        return !only_ || line == 0 ||
               (static_cast<std::size_t>(line) < only_->size() && (*only_)[static_cast<std::size_t>(line)]);
    }
    /// The lines of everything that was forbidden, sorted; with those that demand the same of other versions.
    std::vector<int> lines() const { return with_same(lines_); }
    /// The lines that a contradiction was derived from, likewise.
    std::vector<int> causes() const;
    /// The rules of wiring among them, with the needs' lines.
    std::vector<std::pair<int, rule>> rules() const;
    /// Was something added since the last call?
    bool take_added() { return std::exchange(added_, false); }

    const std::map<std::string_view, const named_instance*>& named() const { return named_; }
    /// Is there a line that sets an option? Else each has its default.
    bool sets_options() const { return known_.sets_options() || !asked_setters_.empty(); }
    bool is_image_scope(number s) const {
        return s != none && is_declared(s) && signatures_[s].versions->front().image_scope;
    }
    bool is_exclusive(number s) const {
        return s != none && is_declared(s) && signatures_[s].versions->front().exclusive;
    }
    bool is_component(std::string_view name) const { return known_.find(name).component != none; }
    /// Does `owner` stand for the target's own lines? Not those of its component, if it is one.
    bool is_bare_target(std::string_view owner) const { return owner == target_.name && !is_component(owner); }
    /// Does `when` hold for that version of a component (none: the request) with the values that its options have now? Only
    /// when they are settled.
    bool holds(number component, const registry::condition& when);
    /// The value of an option now, in normal form; only when it and its component are settled.
    std::string option_value(number component, const registry::declaration& declared);
    /// That a variable has one of the values that it can have now.
    condition_term as_it_is(core::variable of) const { return {of, core::value_set{solver_.domain(of)}}; }
    bool is_locked(std::string_view name, const registry::version& id) const;
    /// The label that `same` makes this one equal to.
    std::string_view same_as(std::string_view label) const;
    /// The version of a component that is settled; only then.
    const component& settled(number c) const {
        const component_variable& one = components_[c];
        return (*one.versions)[core::first(solver_.domain(one.of)) - 1];
    }
    /// Names of options that conditions of this version name.
    static std::set<std::string> asked_options(const component& one);
    /// The lines that set an option of this component, under its name or that of a signature of scope image that it provides.
    std::vector<index::setter> setters_of(number component, std::string_view name) const;
    /// Demands that an option that isn't unset is set by a component in the image. False: nothing new to say.
    bool demand_setter(number component, std::string_view option);
    /// Whether a component declares such a value: its normal form in that version; none if not.
    static std::optional<std::string> normal_value(const component& version, std::string_view option,
                                                   std::string_view written);

  private:
    using gate = std::optional<terms>; ///< none: never
    struct same_demands;

    bool is_declared(number s) const { return !signatures_[s].versions->empty(); }
    number component_of(std::string_view name, number known);
    number signature_at_index(number known);
    void add(int line, rule why);
    std::optional<std::string> property(std::string_view name) const { return property(asked_, target_, name); }
    gate when_of(number component, std::size_t version, const registry::condition& when);
    condition_term is(core::variable of, core::value v) const { return {of, core::only(solver_.size(of), v)}; }
    condition_term is_not(core::variable of, core::value v) const;
    condition_term outside(core::variable of, core::values in) const;
    condition_term chosen(const component_variable& c, std::span<const core::value> versions) const;
    number requirement_number(const registry::requirement& one);
    condition_term conflicts_with(const choice& one);
    enum class verdict { other_component, conflicting_component, other_signature };
    template <class Versions>
    condition_term versions_by(verdict which, number whose, core::variable of, const Versions& all,
                               const registry::requirement& asked);
    condition_term version_is_not(number c, const registry::requirement& versions);
    condition_term signature_is_not(number s, const registry::requirement& versions);
    number add_instance(std::string_view name, number component, const named_instance* named);
    number own_instance(number component);

    void demand(const terms& when, std::string_view owner, const require& line);
    void demand_lines(const terms& when, const request& asked);
    void demand_choice(const terms& when, const choice& one, int line);
    void demand_provider(const terms& when, number component, number signature, const registry::requirement& versions,
                         int line);
    void demand_service(const terms& when, number component, number signature, core::value only);
    void demand_option(const terms& when, number component, std::string_view option, std::string_view value, int line);
    void demand_need(const terms& when, number instance, const need& one);
    void demand_headers(const terms& when, const require& line);
    void demand_ownership(const terms& when, std::string_view component, const provide& line);
    void demand_single_instance(const component_variable& c);
    void encode_version(number component, std::size_t version, same_demands& same);
    template <class Lines, class Fact>
    void add_same(Lines& to, const Fact& line, std::size_t version);
    void finish_signatures();
    std::vector<int> with_same(std::vector<int> lines) const;
    std::optional<terms> setters_are_absent(number component, std::string_view option, const std::string& value);
    void obey_use(const choice_variable& h, std::string_view owner, std::string_view label);
    void add_fillers(number signature, std::vector<std::pair<std::string_view, number>>& into);
    const std::vector<number>& signatures_of_label(number component, std::string_view label);

    const index& known_;
    const request& asked_;
    const target& target_;
    const line_set* only_;
    core::solver solver_;
    bool added_ = false;
    std::vector<core::term> views_; ///< of what is being forbidden
    std::vector<int> lines_; ///< of each nogood
    std::vector<std::pair<int, int>>
        same_lines_; ///< one nogood's line, and others that demand the same of other versions

    std::map<std::string_view, const named_instance*> named_;
    std::set<std::string_view> by_request_;
    std::map<std::string_view, const equation*> uses_, same_;
    std::unordered_map<std::string_view, std::vector<registry::version>> locked_;
    std::map<std::pair<std::string_view, std::string_view>, std::vector<index::setter>> asked_setters_;

    std::vector<number> component_numbers_, signature_numbers_; ///< by number of the index
    std::unordered_map<std::string_view, number> unknown_,
        named_numbers_; ///< components that nobody has; named instances
    std::deque<component_variable> components_;
    std::deque<instance_variable> instances_;
    std::deque<signature_variable> signatures_;
    std::deque<choice_variable> choices_;
    std::vector<number> unfinished_; ///< signatures whose own requirements aren't encoded yet
    std::unordered_map<std::pair<number, std::string_view>, number, hash_of> holes_;
    std::unordered_map<std::string, number> alternatives_;
    std::unordered_map<const require*, number> alternative_lines_;
    std::map<std::pair<number, std::string_view>, option_variable> options_;
    std::unordered_map<std::pair<number, std::string_view>, std::vector<number>, hash_of> labels_;
    std::unordered_set<number> labelled_; ///< components whose labels are known
    std::map<std::tuple<number, std::size_t, std::string>, core::variable> conditions_;
    std::set<std::pair<number, std::string_view>> with_setter_; ///< options that demand_setter has seen
    std::unordered_map<const void*, number> requirements_;
    std::unordered_map<std::string, number> requirement_texts_;
    /// Sets of versions by what is asked for, whose and in which requirement.
    std::unordered_map<std::pair<std::uint64_t, number>, core::value_set, hash_of> sets_;
};

} // namespace uk::resolver::facts
