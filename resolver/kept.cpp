#include "resolver/kept.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "resolver/encoding.hpp"

namespace uk::resolver::facts {

namespace {

bool sets_options(const std::vector<require>& lines) {
    return std::ranges::any_of(lines, [](const require& line) {
        return std::ranges::any_of(line.choices, [](const choice& one) { return !one.options.empty(); });
    });
}

/// Walks over what the lock chose; each step is false when the lock doesn't hold, or doesn't say what to choose.
class keeper {
  public:
    keeper(const index& known, const request& asked)
        : known_{known}, asked_{asked}, aim_{known.all().targets.at(asked.target)},
          locked_(known.components().size(), nullptr), is_there_(known.components().size()) {}

    std::optional<answer> keep() {
        if (!is_plain() || !read_lock() || !walk_all() || !is_free_of_conflicts()) return std::nullopt;
        return result();
    }

  private:
    bool is_plain() const {
        return asked_.update.empty() && asked_.needs.empty() && asked_.over.empty() && asked_.instances.empty() &&
               asked_.uses.empty() && asked_.same.empty() && asked_.sets.empty() && aim_.devices.empty() &&
               !known_.sets_options() && !sets_options(asked_.requires_) && !sets_options(aim_.requires_);
    }

    // Of several lines for a component, the first counts as long as it holds. A lock is long, and what it names lies anywhere
    // in memory: that is asked for before it is looked at.
    bool read_lock() {
        std::vector<std::pair<number, const locked*>> lines;
        lines.reserve(asked_.lock.size());
        std::vector<bool> said(known_.components().size());
        for (const locked& one : asked_.lock) {
            if (one.kind == locked::type::wiring) return false;
            if (one.kind == locked::type::alternative) {
                if (!alternatives_.try_emplace(one.left, one.right).second) return false;
                continue;
            }
            const number c = known_.find(one.left).component;
            if (c == none || said[c]) continue;
            said[c] = true;
            lines.emplace_back(c, &one);
            __builtin_prefetch(known_.components()[c].versions->data());
        }
        for (const auto& [c, line] : lines) {
            const auto id = registry::parse_version(line->right, {});
            if (!id) continue;
            const auto& versions = *known_.components()[c].versions;
            auto at = versions.begin(); // mostly it is the newest
            if (at->id != *id) at = std::ranges::lower_bound(versions, *id, std::ranges::greater{}, &component::id);
            if (at == versions.end() || at->id != *id) continue;
            locked_[c] = &*at;
            __builtin_prefetch(at->requires_.data());
        }
        return true;
    }

    bool walk_all() {
        if (const number c = known_.find(aim_.name).component; c != none && !reach(c)) return false;
        for (const require& line : aim_.requires_)
            if (line.choices.size() > 1 || !require_line("", nullptr, line)) return false;
        for (const require& line : asked_.requires_)
            if (!require_line("", nullptr, line)) return false;
        for (std::size_t i = 0; i < open_.size(); ++i) {
            const component& one = *open_[i];
            for (const require& line : one.requires_)
                if (!require_line(one.name, &one, line)) return false;
        }
        return true;
    }

    // The component of that number is in the image, in the version that is locked.
    bool reach(number c) {
        if (is_there_[c]) return true;
        const component* const one = locked_[c];
        if (!one || !one->needs.empty() || !one->provides.empty() || !one->over.empty()) return false;
        if (std::ranges::any_of(one->absent, [&](const absence& each) { return holds(one, each.when); })) return false;
        is_there_[c] = true;
        open_.push_back(one);
        return true;
    }

    bool require_line(std::string_view owner, const component* of, const require& line) {
        if (!holds(of, line.when)) return true;
        const choice* const taken = line.choices.size() == 1 ? &line.choices.front() : locked_entry(owner, line);
        if (!taken) return false;
        const auto [c, signature] = known_.find(taken->name);
        return signature == none && c != none && reach(c) && taken->versions.matches(locked_[c]->id);
    }

    const choice* locked_entry(std::string_view owner, const require& line) {
        if (owner == "request") return nullptr; // in a lock, that is the request
        const auto at = alternatives_.find(encoding::alternative_text(owner, line));
        if (at == alternatives_.end()) return nullptr;
        const auto is_it = [&](const choice& one) { return one.name == at->second; };
        if (std::ranges::count_if(line.choices, is_it) != 1) return nullptr;
        taken_.emplace(at->first, at->second);
        return &*std::ranges::find_if(line.choices, is_it);
    }

    bool is_free_of_conflicts() const {
        const auto clashes = [&](const component* of, const require& line) {
            const choice& other = line.choices.front();
            const number c = known_.find(other.name).component;
            return c != none && is_there_[c] && holds(of, line.when) && other.versions.matches_any(locked_[c]->id);
        };
        for (const require& line : asked_.conflicts)
            if (clashes(nullptr, line)) return false;
        for (std::size_t c = 0; c < is_there_.size(); ++c) {
            if (!is_there_[c]) continue;
            for (const require& line : locked_[c]->conflicts)
                if (clashes(locked_[c], line)) return false;
        }
        return true;
    }

    // Nobody sets an option: each has its default.
    bool holds(const component* of, const registry::condition& when) const {
        if (when.always()) return true;
        return when.holds([&](std::string_view name) -> std::optional<std::string> {
            if (!name.starts_with("option.") || !of) return encoding::property(asked_, aim_, name);
            const auto at = std::ranges::find(of->options, name.substr(7), &registry::declaration::name);
            return registry::value_text(at->type, *at->fallback);
        });
    }

    answer result() const {
        answer a;
        a.solved = true;
        a.components.reserve(static_cast<std::size_t>(std::ranges::count(is_there_, true)));
        for (std::size_t c = 0; c < is_there_.size(); ++c) { // by name, as the index is
            if (!is_there_[c]) continue;
            a.components.push_back({locked_[c]->name, locked_[c]->id, {}});
            for (const registry::declaration& one : locked_[c]->options)
                a.components.back().options[one.name] = registry::value_text(one.type, *one.fallback);
        }
        for (const auto& [at, chosen] : taken_) a.alternatives.push_back({std::string{at}, std::string{chosen}});
        return a;
    }

    const index& known_;
    const request& asked_;
    const target& aim_;
    std::vector<const component*> locked_; ///< by number of the index; null: not locked to a version that there is
    std::vector<bool> is_there_;
    std::vector<const component*> open_; ///< in the image; the last ones' lines weren't looked at yet
    std::unordered_map<std::string, std::string_view> alternatives_;
    std::map<std::string_view, std::string_view> taken_;
};

} // namespace

std::optional<answer> kept_answer(const index& known, const request& asked) {
    if (asked.lock.empty()) return std::nullopt;
    return keeper{known, asked}.keep();
}

} // namespace uk::resolver::facts
