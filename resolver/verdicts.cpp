#include "resolver/verdicts.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "resolver/walk.hpp"

namespace uk::resolver::facts {

namespace {

// How many conflicts a request may have with an image that holds others, before it waits for another image; and how many more
// requests may do so than twice those that it holds, before that is begun.
constexpr std::uint64_t conflicts_with_image = 8;
constexpr std::size_t failures = 16;

bool sets_nothing(const std::vector<require>& lines) {
    return std::ranges::all_of(lines, [](const require& line) {
        return std::ranges::all_of(line.choices, [](const choice& one) { return one.options.empty(); });
    });
}

/// Does an image that has an answer to it have one to each part of what it holds? Not where something sets an option: then that
/// has to be in the image as well. What a request says of holes or locks is its own.
bool can_share(const index& known, const request& one) {
    return !known.sets_options() && sets_nothing(one.requires_) &&
           sets_nothing(known.all().targets.at(one.target).requires_) && one.needs.empty() && one.instances.empty() &&
           one.uses.empty() && one.same.empty() && one.sets.empty() && one.lock.empty();
}

struct question {
    const request* asked;
    core::outcome* verdict;
    core::variable on = none; ///< 1: its lines hold; none: they aren't encoded yet
};

/// The search for requests that share.
class shared_search {
  public:
    shared_search(const index& known, const request& nothing, core::limits most)
        : of_{known, nothing, most, nullptr}, way_{begin()} {}

    /// Takes away those that got a verdict: all, unless a limit is reached.
    void answer(std::deque<question>& open) {
        while (!open.empty() && fill_image(open)) {
        }
    }

  private:
    encoding& begin() {
        of_.encode_request();
        return of_;
    }

    // Begins with nothing chosen, so that the first gets its verdict. False: a limit is reached.
    bool fill_image(std::deque<question>& open) {
        go_back(0);
        std::size_t held = 0, failed = 0;
        for (std::size_t left = open.size(); left > 0 && failed <= failures + 2 * held; --left) {
            const std::uint32_t keep = of_.solver().level();
            const auto end = add(open.front(), keep);
            if (end == core::outcome::exhausted) return false;
            if (end) *open.front().verdict = *end;
            else open.push_back(open.front());
            open.pop_front();
            ++(end ? held : failed);
            if (of_.solver().level() < keep) break;
        }
        return true;
    }

    // To the image of the first `keep` decisions. Nothing: that can't be, with this image.
    std::optional<core::outcome> add(question& one, std::uint32_t keep) {
        core::solver& s = of_.solver();
        if (one.on == none) {
            one.on = s.add_variable(2);
            of_.encode_further(*one.asked, one.on);
        }
        const std::uint64_t before = s.conflicts();
        for (;;) {
            const core::outcome end = s.settle(keep);
            (void)of_.take_added();
            if (end != core::outcome::consistent) return end;
            way_.undo_to(s.level());
            if (s.level() < keep) return std::nullopt;
            if (s.level() > keep) {
                if (way_.go() == walk::pause::done) return core::outcome::consistent;
            } else if (!s.can_be(one.on, 1)) {
                return keep == 0 ? std::optional{core::outcome::impossible} : std::nullopt;
            } else if (keep > 0 && s.conflicts() - before > conflicts_with_image) {
                return std::nullopt;
            } else {
                way_.ask(one.on, one.asked->requires_);
            }
        }
    }

    void go_back(std::uint32_t level) {
        of_.solver().undo_to(level);
        way_.undo_to(level);
    }

    encoding of_;
    walk way_;
};

} // namespace

std::vector<core::outcome> verdicts(const index& known, core::limits most) {
    const std::vector<request>& all = known.all().requests;
    std::vector<core::outcome> found(all.size(), core::outcome::exhausted);
    std::map<std::pair<std::string, std::string>, std::deque<question>> sharing;
    std::deque<question> alone;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const request& one = all[i];
        (can_share(known, one) ? sharing[{one.target, one.profile}] : alone).push_back({&one, &found[i]});
    }
    for (auto& [what, open] : sharing) {
        request nothing;
        std::tie(nothing.target, nothing.profile) = what;
        shared_search{known, nothing, most}.answer(open);
        alone.insert(alone.end(), open.begin(), open.end());
    }
    for (const question& one : alone) *one.verdict = outcome_of(known, *one.asked, most);
    return found;
}

} // namespace uk::resolver::facts
