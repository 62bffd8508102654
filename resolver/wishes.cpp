// What a lock and `update` ask for: sets of values to prefer before the walk begins, each kept where a solution has it.
#include <algorithm>
#include <unordered_set>

#include "resolver/walk.hpp"

namespace uk::resolver::facts {

namespace {

/// Lines with alternatives by owner and what a lock calls them.
class alternative_lines {
  public:
    explicit alternative_lines(encoding& of) : of_{of} {}

    const require* find(std::string_view text) {
        const std::string_view owner = text.substr(0, text.find(':'));
        if (seen_.insert(owner).second) {
            if (owner == "request") add(of_.asked().requires_, "");
            else if (of_.is_bare_target(owner)) add(of_.aim().requires_, owner);
            else if (of_.is_component(owner))
                for (const component& one : *of_.component_at(of_.component_of(owner)).versions)
                    add(one.requires_, owner);
        }
        const auto at = lines_.find(std::string{text});
        return at == lines_.end() ? nullptr : at->second;
    }

  private:
    void add(const std::vector<require>& lines, std::string_view owner) {
        for (const require& one : lines)
            if (one.choices.size() > 1) lines_.emplace(encoding::alternative_text(owner, one), &one);
    }

    encoding& of_;
    std::unordered_set<std::string_view> seen_;
    std::unordered_map<std::string, const require*> lines_;
};

} // namespace

void walk::add_wishes() {
    const request& asked = of_.asked();
    core::solver& s = of_.solver();
    const std::unordered_set<std::string_view> updated{asked.update.begin(), asked.update.end()};
    std::unordered_set<std::string_view> labels;
    for (const need& one : asked.needs) labels.insert(one.label);
    const auto keep = [&](number choice, std::string_view name) {
        const choice_variable& from = of_.choice_at(choice);
        core::value_set in = core::only(s.size(from.of), 0);
        if (!from.fillers.empty()) core::put(in, from.value_of(name));
        else
            for (std::size_t i = 0; i < from.names.size(); ++i) // an alternative may have the same name twice
                if (from.names[i] == name) core::put(in, from.first + static_cast<core::value>(i));
        if (name == "-" && from.first == 2) core::put(in, 1);
        wishes_.push_back({from.of, {std::move(in)}});
    };
    alternative_lines lines{of_};
    for (const locked& one : asked.lock) {
        const std::string_view left = one.left, right = one.right;
        if (one.kind == locked::type::wiring) {
            const auto slash = left.find('/');
            const std::string_view owner = slash == left.npos ? "" : left.substr(0, slash);
            const std::string_view label = slash == left.npos ? left : left.substr(slash + 1);
            const number signature = of_.signature_of(left);
            if (of_.is_image_scope(signature)) {
                if (!updated.contains(right)) keep(of_.image_hole(signature), right);
            } else if (!updated.contains(of_.component_at(of_.instance_at(of_.instance_of(right)).component).name)) {
                if (!owner.empty()) keep(of_.hole(of_.instance_of(owner), label), right);
                else if (labels.contains(label)) keep(of_.hole(none, label), right);
            }
        } else if (one.kind == locked::type::alternative && !updated.contains(right)) {
            const require* line = lines.find(left);
            if (line)
                keep(of_.alternative(left.starts_with("request:") ? "" : left.substr(0, left.find(':')), *line), right);
        }
    }
    for (const std::string& name : asked.update) {
        const number c = of_.component_of(name);
        const auto size = static_cast<core::value>(of_.component_at(c).versions->size());
        std::vector<core::value_set> sets;
        for (core::value i = 0; i < size; ++i) {
            sets.push_back(core::only(size + 1, 0));
            core::put(sets.back(), asked.minimal_versions ? oldest_first(c)[i] : i + 1);
        }
        wishes_.push_back({of_.component_at(c).of, std::move(sets)});
    }
    // A second line for a component counts where the first can't be kept.
    std::unordered_map<number, std::size_t> places;
    for (const locked& one : asked.lock) {
        if (one.kind != locked::type::component || !of_.is_component(one.left) || updated.contains(one.left)) continue;
        const number number_of_it = of_.component_of(one.left);
        const component_variable& c = of_.component_at(number_of_it);
        core::value_set in = core::only(s.size(c.of), 0);
        if (const auto id = registry::parse_version(one.right, {})) {
            const auto at = std::ranges::lower_bound(*c.versions, *id, std::ranges::greater{}, &component::id);
            if (at != c.versions->end() && at->id == *id)
                core::put(in, static_cast<core::value>(at - c.versions->begin() + 1));
        }
        const auto [place, fresh] = places.try_emplace(number_of_it, wishes_.size());
        if (fresh) wishes_.push_back({c.of, {}});
        wishes_[place->second].sets.push_back(std::move(in));
    }
}

} // namespace uk::resolver::facts
