// What stands above and below an explanation: the one sentence that says most, and a hint.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "resolver/encoding.hpp"
#include "resolver/teller.hpp"

namespace uk::resolver::facts {

const sentence* teller::first(type kind) const {
    const auto at = std::ranges::find(sentences_, kind, &sentence::kind);
    return at == sentences_.end() ? nullptr : &*at;
}

std::string teller::headline() const {
    if (const sentence* one = first(type::singleton))
        return fmt::format("`{}` can be in an image once only", one->owner);
    for (const sentence& one : sentences_)
        if (one.needed && !all_.signatures.contains(one.needed->signature.name))
            return fmt::format("there is no signature `{}`{}", one.needed->signature.name,
                               base::did_you_mean(one.needed->signature.name, how_.names));
    for (const auto& [line, rule] : none_.rules) {
        const auto need = std::ranges::find_if(sentences_, [&](const sentence& one) {
            return one.needed && std::ranges::find(one.lines, line) != one.lines.end();
        });
        if (need == sentences_.end()) continue;
        const std::string& signature = need->needed->signature.name;
        if (rule == rule::circle) return fmt::format("`{}` would be wired in a circle", need->owner);
        if (rule == rule::exclusive)
            return fmt::format("`{}` is exclusive, and an instance of it would have to fill two holes", signature);
        if (rule == rule::shared)
            return fmt::format("two needs of {} for `{}` would share an instance silently", asker(), signature);
    }
    if (const std::string text = option_clash(); !text.empty()) return text;
    for (const auto& [name, asks] : asks_) {
        const auto found = all_.components.find(name);
        if (found == all_.components.end()) {
            if (!all_.signatures.contains(name))
                return fmt::format("there is no component `{}`{}", name, base::did_you_mean(name, how_.names));
        } else if (is_yanked(name)) {
            return fmt::format("`{}` is yanked", text_of(asks.front()->required->choices.front()));
        } else if (accepted_of(name).empty()) {
            return asks.size() == 1 ? fmt::format("there is no `{}`", text_of(asks.front()->required->choices.front()))
                                    : fmt::format("no version of `{}` suits all that require it", name);
        }
    }
    if (const sentence* one = only_need())
        return fmt::format("nothing can fill `{}` of {} on target `{}`", one->needed->label, asker(), asked_.target);
    std::map<std::string, std::set<std::string>> provided;
    for (const sentence& one : sentences_)
        if (one.provided && all_.signatures.at(one.provided->signature).front().image_scope)
            provided[one.provided->signature].insert(one.owner);
    for (const auto& [signature, by] : provided)
        if (by.size() > 1)
            return fmt::format("an image has `{}` once, and `{}` and `{}` would both provide it", signature,
                               *by.begin(), *std::next(by.begin()));
    if (const sentence* one = first(type::conflict)) {
        const std::string other = text_of(one->required->choices.front());
        if (!one->owner.empty()) return fmt::format("`{}` and `{}` conflict", one->owner, other);
        return fmt::format("{} rules out `{}`, and asks for what brings it in", asker(), other);
    }
    const auto needs = std::ranges::count(sentences_, type::need, &sentence::kind);
    if (const sentence* one = first(type::need); one && needs == 1)
        return fmt::format("nothing can fill `{}` of {} on target `{}`", one->needed->label,
                           one->owner.empty() ? asker() : fmt::format("`{}`", one->owner), asked_.target);
    for (const auto& [name, asks] : asks_)
        if (needs == 0 && all_.signatures.contains(name))
            return fmt::format("nothing can provide `{}` on target `{}`", name, asked_.target);
    return fmt::format("what {} asks for can't all be had on target `{}`", asker(), asked_.target);
}

bool teller::is_yanked(const std::string& component) const {
    versions left = accepted_of(component);
    const bool some = !left.empty();
    for (const sentence& one : sentences_)
        if (one.kind == type::yanked && one.owner == component)
            std::erase_if(left, [&](const auto& id) { return std::ranges::find(one.of, id) != one.of.end(); });
    return some && left.empty();
}

const sentence* teller::only_need() const {
    const sentence* found = nullptr;
    for (const sentence& one : sentences_) {
        if (!one.owner.empty() || one.kind == type::target || one.kind == type::use) continue;
        if (found || !one.needed) return nullptr;
        found = &one;
    }
    return found;
}

std::string teller::option_clash() const {
    std::map<std::string, std::string> values;
    std::string clash;
    const auto set = [&](const std::string& component, const std::string& option, const std::string& value) {
        const auto found = all_.components.find(component);
        if (found == all_.components.end()) return;
        const auto text = encoding::normal_value(found->second.front(), option, value);
        const auto [at, fresh] = values.try_emplace(component + "." + option, text.value_or(value));
        if (!fresh && at->second != text.value_or(value) && clash.empty())
            clash = fmt::format("`{}` can't be both {} and {}", at->first, at->second, text.value_or(value));
    };
    for (const sentence& one : sentences_) {
        if (one.kind == type::set) {
            const auto [component, option] = one.equal->option();
            set(std::string{component}, std::string{option}, one.equal->right);
        }
        if (one.kind != type::require || one.required->choices.size() != 1) continue;
        for (const auto& [option, value] : one.required->choices.front().options)
            set(one.required->choices.front().name, option, value);
    }
    return clash;
}

std::string teller::hint() const {
    if (const sentence* one = first(type::setting))
        return fmt::format("say `use: {}, with: {{{}: …}}` where it is needed", one->owner,
                           one->says.substr(one->says.find('`') + 1, one->says.rfind('`') - one->says.find('`') - 1));
    for (const auto& [name, asks] : asks_) {
        if (!all_.components.contains(name) && !all_.signatures.contains(name))
            return "the name may be wrong, or the component belongs beside uk.yaml in recipes/NAME/VERSION/";
        if (is_misplaced(*asks.front()))
            return "`needs:` asks for an instance; a library that is generic over it says `over:`";
    }
    for (const sentence& one : sentences_)
        if (one.needed && !all_.signatures.contains(one.needed->signature.name)) return "";
    const auto ways = ways_out(known_, asked_, none_);
    return base::join(ways, "; or ");
}

} // namespace uk::resolver::facts
