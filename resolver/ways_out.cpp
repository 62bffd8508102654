// Hints: each requirement of the request that takes part in a contradiction is changed or left out once, to see what works.
#include <algorithm>

#include <fmt/format.h>

#include "resolver/explain.hpp"
#include "resolver/sentences.hpp"

namespace uk::resolver::facts {

namespace {

constexpr std::size_t most_ways = 3, most_tries = 16;
constexpr core::limits for_each_try{.conflicts = 2000};

template <class Fact>
const Fact* at_line(const std::vector<Fact>& all, int line) {
    const auto at = std::ranges::find(all, line, &Fact::line);
    return at == all.end() ? nullptr : &*at;
}

template <class Fact>
void drop(std::vector<Fact>& from, int line) {
    std::erase_if(from, [&](const Fact& one) { return one.line == line; });
}

class seeker {
  public:
    seeker(const index& known, const request& asked) : known_{known}, asked_{asked} {}

    void look_at(int line) {
        where_ = known_.all().place_of(line).text();
        request without = asked_;
        if (const require* one = at_line(asked_.requires_, line)) {
            drop(without.requires_, line);
            try_require(*one, without);
        } else if (const equation* use = at_line(asked_.uses, line)) {
            drop(without.uses, line);
            try_use(*use, without);
        } else if (const need* need = at_line(asked_.needs, line)) {
            try_need(*need, without);
        } else if (const equation* set = at_line(asked_.sets, line)) {
            drop(without.sets, line);
            if (attempt(without))
                removals_.push_back(fmt::format("leave out `set: {{{}: {}}}` at {}", set->left, set->right, where_));
        } else if (const require* ban = at_line(asked_.conflicts, line)) {
            drop(without.conflicts, line);
            if (attempt(without))
                removals_.push_back(
                    fmt::format("leave out the conflict with `{}` at {}", text_of(ban->choices.front()), where_));
        } else if (at_line(asked_.over, line) || at_line(asked_.same, line)) {
            drop(without.over, line);
            drop(without.same, line);
            if (attempt(without)) removals_.push_back(fmt::format("leave out what {} says", where_));
        }
    }

    std::vector<std::string> take() {
        changes_.insert(changes_.end(), removals_.begin(), removals_.end());
        if (changes_.size() > most_ways) changes_.resize(most_ways);
        return std::move(changes_);
    }

  private:
    std::optional<answer> attempt(const request& changed) {
        if (++tries_ > most_tries) return std::nullopt;
        return find(known_, changed, for_each_try);
    }

    void try_require(const require& one, const request& without) {
        const choice& wanted = one.choices.front();
        if (one.choices.size() == 1 && !wanted.versions.is_any()) {
            request relaxed = asked_;
            std::ranges::find(relaxed.requires_, one.line, &require::line)->choices.front().versions = {};
            if (const auto found = attempt(relaxed)) {
                const auto version = std::ranges::find(found->components, wanted.name, &answer::component::name);
                if (version != found->components.end())
                    return changes_.push_back(
                        fmt::format("let `{}` at {} accept {}", text_of(wanted), where_, version->id.text()));
            }
        }
        if (one.choices.size() == 1 && !wanted.options.empty()) {
            request relaxed = asked_;
            std::ranges::find(relaxed.requires_, one.line, &require::line)->choices.front().options.clear();
            if (attempt(relaxed))
                return changes_.push_back(fmt::format("leave out the options of `{}` at {}", text_of(wanted), where_));
        }
        if (attempt(without))
            removals_.push_back(fmt::format("leave out the requirement of `{}` at {}", wanted.name, where_));
    }

    void try_use(const equation& one, const request& without) {
        const auto found = attempt(without);
        if (!found) return;
        const auto wire = std::ranges::find(found->wiring, one.left, &answer::wire::hole);
        const std::string filler = wire == found->wiring.end() ? "-" : wire->filler();
        if (filler == "-")
            removals_.push_back(fmt::format("leave out `use: {{{}: {}}}` at {}", one.left, one.right, where_));
        else changes_.push_back(fmt::format("say `use: {{{}: {}}}` at {}", one.left, filler, where_));
    }

    void try_need(const need& one, request& without) {
        if (!one.signature.versions.is_any()) {
            request relaxed = asked_;
            std::ranges::find(relaxed.needs, one.line, &need::line)->signature.versions = {};
            if (const auto found = attempt(relaxed)) {
                const auto version = std::ranges::find(found->signatures, one.signature.name, &answer::signature::name);
                if (version != found->signatures.end())
                    return changes_.push_back(fmt::format("let `{}: {}` at {} accept {}", one.label,
                                                          text_of(one.signature), where_, version->id.text_short()));
            }
        }
        const auto twin = std::ranges::find_if(asked_.needs, [&](const need& other) {
            return &other < &one && other.signature.name == one.signature.name;
        });
        const auto forget = [&](request& changed) {
            std::erase_if(changed.uses, [&](const equation& use) { return use.left == one.label; });
        };
        if (twin != asked_.needs.end()) {
            request shared = asked_;
            forget(shared);
            shared.same.push_back({one.label, twin->label, 0});
            if (attempt(shared))
                changes_.push_back(fmt::format("say `same: {}` of `{}` at {}", twin->label, one.label, where_));
        }
        drop(without.needs, one.line);
        forget(without);
        std::erase_if(without.same,
                      [&](const equation& same) { return same.left == one.label || same.right == one.label; });
        if (attempt(without)) removals_.push_back(fmt::format("leave out the need `{}` at {}", one.label, where_));
    }

    const index& known_;
    const request& asked_;
    std::string where_;
    std::size_t tries_ = 0;
    std::vector<std::string> changes_, removals_;
};

} // namespace

std::vector<std::string> ways_out(const index& known, const request& asked, const answer& none) {
    seeker found{known, asked};
    for (const int line : none.because) found.look_at(line);
    return found.take();
}

} // namespace uk::resolver::facts
