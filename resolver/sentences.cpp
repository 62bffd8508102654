#include "resolver/sentences.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "base/text.hpp"

namespace uk::resolver::facts {

namespace {

using type = sentence::type;

std::string only_when(const registry::condition& when) {
    return when.always() ? "" : fmt::format(" when `{}`", when.text());
}

// `x` of `not (x)`.
std::optional<std::string> inside_not(const std::string& when) {
    if (!when.starts_with("not (")) return std::nullopt;
    int depth = 1;
    std::size_t at = 5;
    for (; at < when.size() && depth > 0; ++at) depth += when[at] == '(' ? 1 : when[at] == ')' ? -1 : 0;
    if (at < when.size() || depth > 0) return std::nullopt;
    return when.substr(5, at - 6);
}

std::string joined(const std::vector<std::string>& parts, std::string_view last) {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? fmt::format(" {} ", last) : ", ") + parts[i];
    return text;
}

class collector {
  public:
    collector(const universe& all, const std::set<int>& lines) : all_{all}, lines_{lines} {}

    void add_request(const request& asked) {
        const target& aim = all_.targets.at(asked.target);
        for (const auto* list : {&asked.requires_, &aim.requires_})
            for (const require& one : *list) add_require(one);
        for (const need& one : asked.needs) {
            add_need(one);
            for (const equation& use : asked.uses)
                if (use.left == one.label) add_use(use);
        }
        for (const require& one : asked.over) add_over(one);
        for (const equation& one : asked.uses)
            if (std::ranges::find(asked.needs, one.left, &need::label) == asked.needs.end()) add_use(one);
        for (const equation& one : asked.same)
            add(type::same, one.line, fmt::format("says that `{}` is the same as `{}`", one.left, one.right), {})
                .equal = &one;
        for (const equation& one : asked.sets)
            add(type::set, one.line, fmt::format("sets `{}` to {}", one.left, one.right),
                {std::string{one.option().first}})
                .equal = &one;
        for (const require& one : asked.conflicts) add_conflict(one);
        if (lines_.contains(aim.line))
            add(type::target, aim.line, fmt::format("is built for the target `{}`", aim.name), {aim.name});
    }

    void add_component(const std::vector<component>& versions) {
        owner_ = versions.front().name;
        // Whichever of its versions say so: the line is the newest's.
        for (const component& one : versions) {
            of_ = one.id;
            if (one.singleton) add(type::singleton, versions.front().line, "can be in an image once only", {});
        }
        for (const component& one : versions) add_version(one);
    }

    void add_version(const component& one) {
        of_ = one.id;
        if (one.yanked) add(type::yanked, one.yanked, "is yanked: only a lock that has it keeps it", {});
        for (const absence& each : one.absent) {
            if (!lines_.contains(each.line)) continue;
            const auto only = inside_not(each.when.text());
            add(type::absent, each.line,
                only ? fmt::format("is only for `{}`", *only) : fmt::format("can't be used{}", only_when(each.when)),
                {});
        }
        for (const setting& each : one.settings)
            add(type::setting, each.line, fmt::format("has to be told its `{}`", each.name), {});
        for (const provide& each : one.provides) {
            if (!lines_.contains(each.line)) continue;
            add(type::provide, each.line,
                fmt::format("provides `{} {}`{}", each.signature, each.version.text_short(), only_when(each.when)),
                {each.signature})
                .provided = &each;
        }
        for (const require& each : one.requires_) add_require(each);
        for (const need& each : one.needs) add_need(each);
        for (const require& each : one.over) add_over(each);
        for (const require& each : one.conflicts) add_conflict(each);
    }

    void add_signature(const signature& one) {
        owner_ = one.name;
        of_ = one.id;
        for (const require& each : one.requires_) add_require(each);
    }

    std::vector<sentence> take() { return std::move(made_); }

  private:
    void add_require(const require& one) {
        if (!lines_.contains(one.line)) return;
        std::vector<std::string> names, texts;
        for (const choice& each : one.choices) {
            names.push_back(each.name);
            std::string text = fmt::format("`{}`", text_of(each));
            for (const auto& [option, value] : each.options)
                text +=
                    fmt::format("{} `{} = {}`", option == each.options.front().first ? " with" : ",", option, value);
            texts.push_back(text);
        }
        add(type::require, one.line, fmt::format("requires {}{}", joined(texts, "or"), only_when(one.when)), names)
            .required = &one;
    }

    void add_conflict(const require& one) {
        if (!lines_.contains(one.line)) return;
        const choice& other = one.choices.front();
        add(type::conflict, one.line, fmt::format("conflicts with `{}`{}", text_of(other), only_when(one.when)),
            {other.name})
            .required = &one;
    }

    void add_over(const require& one) {
        if (!lines_.contains(one.line)) return;
        const choice& other = one.choices.front();
        add(type::over, one.line, fmt::format("is generic over `{}`", text_of(other)), {other.name}).required = &one;
    }

    void add_need(const need& one) {
        if (!lines_.contains(one.line)) return;
        add(type::need, one.line,
            fmt::format("needs `{}: {}`{}", one.label, text_of(one.signature), only_when(one.when)),
            {one.signature.name})
            .needed = &one;
    }

    void add_use(const equation& one) {
        if (!lines_.contains(one.line)) return;
        add(type::use, one.line, fmt::format("says `use: {{{}: {}}}`", one.left, one.right), {one.right}).equal = &one;
    }

    // Of what counts, and with what another version has said already.
    sentence& add(type kind, int line, std::string says, std::vector<std::string> leads_to) {
        if (!lines_.contains(line)) return unused_ = {};
        if (!owner_.empty()) {
            const auto [at, fresh] = by_text_.try_emplace({owner_, kind, says}, made_.size());
            if (!fresh) {
                made_[at->second].of.push_back(of_);
                made_[at->second].lines.push_back(line);
                return unused_ = {};
            }
        }
        made_.push_back({.kind = kind,
                         .owner = owner_,
                         .of = {of_},
                         .says = std::move(says),
                         .leads_to = std::move(leads_to),
                         .lines = {line}});
        return made_.back();
    }

    const universe& all_;
    const std::set<int>& lines_;
    std::string owner_;
    registry::version of_;
    std::vector<sentence> made_;
    std::map<std::tuple<std::string, type, std::string>, std::size_t> by_text_; ///< in made_
    sentence unused_;
};

} // namespace

std::vector<sentence> sentences_of(const universe& all, const request& asked, const std::set<int>& lines) {
    collector found{all, lines};
    found.add_request(asked);
    for (const auto& [name, versions] : all.components) found.add_component(versions);
    for (const auto& [name, versions] : all.signatures)
        for (const signature& one : versions) found.add_signature(one);
    return found.take();
}

std::string text_of(const choice& one) {
    return one.versions.is_any() ? one.name : one.name + " " + one.versions.text();
}

std::string range_text(const std::vector<component>& all, const std::vector<registry::version>& some) {
    std::vector<std::string> runs;
    const registry::version *first = nullptr, *last = nullptr;
    std::size_t count = 0;
    const auto end_run = [&] {
        if (count > 2) runs.push_back(first->text() + " to " + last->text());
        else if (count > 0) runs.push_back(first->text());
        if (count == 2) runs.push_back(last->text());
        count = 0;
    };
    auto next = some.rbegin(); // both are newest first
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
        if (next == some.rend() || *next != one->id) {
            end_run();
            continue;
        }
        while (next != some.rend() && *next == one->id) ++next;
        last = &one->id;
        if (count++ == 0) first = last;
    }
    end_run();
    return joined(runs, "and");
}

} // namespace uk::resolver::facts
