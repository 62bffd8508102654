#include "resolver/solve.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "resolver/kept.hpp"
#include "resolver/walk.hpp"

namespace uk::resolver::facts {

namespace {

// How often an explanation is tried without one of its lines, with how many lines in all, and how long each time: counts, so
// that everybody sees the same.
constexpr std::size_t attempts = 200, most_tried_lines = 100'000;
constexpr std::uint64_t conflicts_an_attempt = 1000;

struct search {
    core::outcome end;
    answer found;
    std::vector<int> reached; ///< impossible: every line that was encoded
};

/// The lines that count, when an explanation is being shrunk, and the components that have them. What these demand is encoded
/// at once: then most of what follows does so before anything is chosen.
struct counted_lines {
    line_set lines;
    const std::vector<std::string_view>* owners;
};

search run(const index& known, const request& asked, core::limits most, const counted_lines* only) {
    if (!only)
        if (auto kept = kept_answer(known, asked)) return {core::outcome::consistent, *std::move(kept), {}};
    encoding of{known, asked, most, only ? &only->lines : nullptr};
    of.encode_request();
    if (only)
        for (const std::string_view name : *only->owners) of.encode_component(of.component_of(name), 0);
    std::optional<walk> way;
    for (;;) {
        const core::outcome end = of.solver().settle();
        (void)of.take_added();
        if (end != core::outcome::consistent) {
            search failed{end, {}, of.lines()};
            failed.found.because = of.causes();
            failed.found.rules = of.rules();
            return failed;
        }
        // What was chosen above the level that is left has to be chosen anew.
        if (!way) way.emplace(of);
        else way->undo_to(of.solver().level());
        if (way->go() == walk::pause::done) return {end, way->result(), {}};
    }
}

line_set set_of(const std::vector<int>& lines) {
    line_set all(lines.empty() ? 0 : static_cast<std::size_t>(std::ranges::max(lines)) + 1);
    for (const int line : lines) all[static_cast<std::size_t>(line)] = true;
    return all;
}

std::vector<std::string_view> owners_of(const line_set& lines, const index& known) {
    const auto is_in = [&](const require& one) {
        return static_cast<std::size_t>(one.line) < lines.size() && lines[static_cast<std::size_t>(one.line)];
    };
    std::vector<std::string_view> found;
    for (const index::component_entry& one : known.components())
        if (std::ranges::any_of(*one.versions, [&](const component& each) {
                return std::ranges::any_of(each.requires_, is_in) || std::ranges::any_of(each.conflicts, is_in);
            }))
            found.push_back(one.name);
    return found;
}

// Leaves out what the contradiction doesn't need. What is kept has been seen to be one: a line may also be what would have
// set an option, so fewer lines aren't always easier to satisfy.
void shrink(const index& known, const request& asked, search& failed) {
    std::vector<int>& because = failed.found.because;
    std::vector<std::string_view> owners = owners_of(set_of(because), known);
    // Whether these have no solution; then, which of them that was derived from.
    core::outcome end{};
    const auto is_enough = [&](const std::vector<int>& some, std::vector<int>& cited) {
        const counted_lines only{set_of(some), &owners};
        search without = run(known, asked, {.conflicts = conflicts_an_attempt}, &only);
        cited = std::move(without.found.because);
        end = without.end;
        return end == core::outcome::impossible;
    };
    std::vector<int> cited;
    if (is_enough(because, cited)) {
        std::vector<int> ignored;
        if (cited.size() < because.size() && is_enough(cited, ignored)) because = cited;
    } else if (end == core::outcome::consistent) {
        because = failed.reached;
        owners = owners_of(set_of(because), known);
    }
    std::size_t tries = end == core::outcome::exhausted ? attempts : 0, tried_lines = 0;
    for (bool again = true; std::exchange(again, false);) {
        for (const int line : std::vector<int>{because}) {
            if (!std::ranges::binary_search(because, line)) continue;
            if (++tries > attempts || (tried_lines += because.size()) > most_tried_lines) break;
            std::vector<int> fewer, ignored;
            std::ranges::copy_if(because, std::back_inserter(fewer), [&](int each) { return each != line; });
            if (!is_enough(fewer, cited)) continue;
            because = is_enough(cited, ignored) ? cited : fewer;
            again = true;
        }
    }
    const counted_lines only{set_of(because), &owners};
    failed.found.rules = run(known, asked, {.conflicts = conflicts_an_attempt}, &only).found.rules;
}

} // namespace

base::error out_of_limits(const index& known, const request& asked, core::limits most) {
    return base::fail(base::status::failed, known.all().place_of(asked.line),
                      "no answer was found within {} conflicts and {} of nogoods, the limits", most.conflicts,
                      base::format_size(most.words * 8));
}

base::result<answer> solve(const index& known, const request& asked, core::limits most) {
    search one = run(known, asked, most, nullptr);
    if (one.end == core::outcome::exhausted) return out_of_limits(known, asked, most);
    if (one.end == core::outcome::impossible) shrink(known, asked, one);
    return std::move(one.found);
}

base::result<answer> solve(const universe& all, const request& asked, core::limits most) {
    return solve(index{all}, asked, most);
}

std::optional<answer> find(const index& known, const request& asked, core::limits most) {
    search one = run(known, asked, most, nullptr);
    if (one.end != core::outcome::consistent) return std::nullopt;
    return std::move(one.found);
}

core::outcome outcome_of(const index& known, const request& asked, core::limits most) {
    return run(known, asked, most, nullptr).end;
}

bool is_contradiction(const universe& all, const request& asked, const std::vector<int>& lines) {
    const std::vector<std::string_view> none;
    const counted_lines only{set_of(lines), &none};
    return run(index{all}, asked, {}, &only).end == core::outcome::impossible;
}

} // namespace uk::resolver::facts
