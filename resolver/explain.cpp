#include "resolver/explain.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.hpp"
#include "resolver/encoding.hpp"
#include "resolver/teller.hpp"

namespace uk::resolver::facts {

namespace {

constexpr const char* nowhere = ", which is nowhere";
constexpr std::size_t most_fillers = 8; // that don't fit, and are named

} // namespace

teller::teller(const index& known, const request& asked, const answer& none, const telling& how)
    : known_{known}, all_{known.all()}, asked_{asked}, none_{none}, how_{how},
      sentences_{sentences_of(all_, asked, {none.because.begin(), none.because.end()})} {
    for (const sentence& one : sentences_) {
        if (one.kind == type::require && one.required->choices.size() == 1)
            asks_[one.required->choices.front().name].push_back(&one);
        if (one.kind == type::use) uses_[one.equal->left].push_back(&one);
        if (!one.owner.empty()) of_[one.owner].push_back(&one);
    }
}

base::error teller::tell() {
    std::vector<base::note> notes;
    say_all(notes);
    base::error e{base::status::unsolvable, headline(), notes.empty() ? base::place{} : notes.front().where};
    const std::size_t hidden = how_.most == 0 || notes.size() <= how_.most ? 0 : notes.size() - how_.most;
    for (std::size_t i = 0; i < notes.size(); ++i) {
        if (hidden > 0 && i == how_.most / 2) {
            e.add({"and", fmt::format("{} more of this kind, left out", hidden), {}});
            i += hidden;
        }
        e.add(std::move(notes[i]));
    }
    if (std::string text = how_.hints ? hint() : ""; !text.empty()) e.hint(std::move(text));
    return e;
}

void teller::say_all(std::vector<base::note>& notes) {
    for (const sentence& first : sentences_) {
        std::vector<const sentence*> open{&first};
        while (!open.empty()) {
            const sentence& one = *open.back();
            open.pop_back();
            if (!said_.insert(&one).second) continue;
            say(one, notes);
            std::vector<const sentence*> next;
            for (const std::string& name : one.leads_to) add_sentences_of(name, one, next);
            open.insert(open.end(), next.rbegin(), next.rend());
        }
    }
}

void teller::add_sentences_of(const std::string& name, const sentence& asking, std::vector<const sentence*>& to) const {
    const auto add = [&](const auto& from, const std::string& key) {
        if (const auto at = from.find(key); at != from.end()) to.insert(to.end(), at->second.begin(), at->second.end());
    };
    if (asking.needed) add(uses_, hole_of(asking));
    const std::size_t first = to.size();
    std::set<std::string> owners{name, component_of(name)};
    for (std::string& one : providers_of(name)) owners.insert(std::move(one));
    for (const std::string& one : owners) add(of_, one);
    std::sort(to.begin() + static_cast<std::ptrdiff_t>(first), to.end()); // as they stand in sentences_
}

std::vector<std::string> teller::providers_of(const std::string& signature) const {
    std::vector<std::string> found;
    const number known = known_.find(signature).signature;
    if (known == none || !all_.signatures.contains(signature)) return found;
    for (const number one : known_.signatures()[known].providers) found.emplace_back(known_.components()[one].name);
    return found;
}

bool teller::is_misplaced(const sentence& one) const {
    const auto signature = all_.signatures.find(one.required->choices.front().name);
    return signature != all_.signatures.end() && !signature->second.front().image_scope &&
           !all_.signatures.contains(one.owner);
}

void teller::say(const sentence& one, std::vector<base::note>& notes) const {
    const std::string label = notes.empty() ? "because" : "and";
    notes.push_back({label, subject(one) + " " + one.says + what_there_is(one), all_.place_of(one.lines.front())});
    const choice* signature = one.needed ? &one.needed->signature
                              : one.kind == type::require && one.required->choices.size() == 1
                                  ? &one.required->choices.front()
                                  : nullptr;
    if (signature && all_.signatures.contains(signature->name)) say_who_does_not_fit(one, *signature, notes);
}

std::string teller::what_there_is(const sentence& one) const {
    if (one.needed) return all_.signatures.contains(one.needed->signature.name) ? "" : nowhere;
    if (one.kind == type::set) {
        const auto [component, option] = one.equal->option();
        return can_be(std::string{component}, option, one.equal->right) ? "" : ", which it can't be";
    }
    if (one.kind != type::require || one.required->choices.size() != 1) return "";
    const choice& wanted = one.required->choices.front();
    if (all_.signatures.contains(wanted.name)) return is_misplaced(one) ? ", a signature that instances fill" : "";
    const auto found = all_.components.find(wanted.name);
    if (found == all_.components.end()) return nowhere;
    const bool fits = std::ranges::any_of(
        found->second, [&](const facts::component& each) { return wanted.versions.matches(each.id); });
    if (fits) return "";
    versions ids;
    for (const facts::component& each : found->second) ids.push_back(each.id);
    return fmt::format(", and there {} only {}", ids.size() == 1 ? "is" : "are", range_text(found->second, ids));
}

bool teller::can_be(const std::string& component, std::string_view option, const std::string& value) const {
    const auto found = all_.components.find(component);
    return found == all_.components.end() || std::ranges::any_of(found->second, [&](const facts::component& one) {
               return encoding::normal_value(one, option, value).has_value();
           });
}

void teller::say_who_does_not_fit(const sentence& one, const choice& wanted, std::vector<base::note>& notes) const {
    const std::string hole = one.needed ? hole_of(one) : wanted.name;
    std::set<std::string> only;
    for (const equation& use : asked_.uses)
        if (use.left == hole) only.insert(component_of(use.right));
    const std::vector<std::string> providers = providers_of(wanted.name);
    std::size_t named = 0;
    for (const std::string& name : only.empty() ? providers : std::vector<std::string>{only.begin(), only.end()}) {
        const auto found = all_.components.find(name);
        if (found == all_.components.end()) continue;
        const auto& all = found->second;
        const provide* best = nullptr;
        for (const facts::component& version : all)
            for (const provide& each : version.provides)
                if (each.signature == wanted.name && (!best || wanted.versions.matches(each.version))) best = &each;
        if (best && wanted.versions.matches(best->version)) continue;
        if (++named > most_fillers) continue;
        notes.push_back({"but",
                         best ? fmt::format("`{}` provides `{} {}`", name, wanted.name, best->version.text_short())
                              : fmt::format("`{}` doesn't provide `{}`", name, wanted.name),
                         all_.place_of(best ? best->line : all.front().line)});
    }
    for (const std::string& name : only)
        if (!all_.components.contains(name))
            notes.push_back({"but", fmt::format("`{}` doesn't provide `{}`", name, wanted.name), {}});
    if (named > most_fillers)
        notes.push_back({"but", fmt::format("{} more don't fit either", named - most_fillers), {}});
    if (providers.empty() && only.empty())
        notes.push_back({"but", fmt::format("nothing provides `{}`", wanted.name), {}});
}

std::string teller::component_of(const std::string& instance) const {
    for (const auto* list : {&asked_.instances, &all_.targets.at(asked_.target).devices})
        for (const named_instance& one : *list)
            if (one.name == instance) return one.component;
    return instance;
}

std::string teller::subject(const sentence& one) const {
    if (one.owner.empty()) return asker();
    const auto found = all_.components.find(one.owner);
    if (found == all_.components.end())
        return fmt::format("the signature `{} {}`", one.owner, one.of.front().text_short());
    const auto& all = found->second;
    const bool is_one = one.of.size() == 1;
    const std::string single = fmt::format("`{} {}`", one.owner, one.of.front().text());
    if (is_one && all.size() == 1) return single;
    const versions& accepted = accepted_of(one.owner);
    // Both have the order of all versions.
    auto said = one.of.begin();
    const bool covers = !accepted.empty() && std::ranges::all_of(accepted, [&](const registry::version& id) {
        said = std::find(said, one.of.end(), id);
        return said != one.of.end();
    });
    if (!covers) return is_one ? single : fmt::format("`{}` ({})", one.owner, range_text(all, one.of));
    if (is_one)
        return accepted.size() == all.size() ? single
                                             : fmt::format("`{} {}`, the only version that {},", one.owner,
                                                           one.of.front().text(), who_accepts(one.owner));
    if (accepted.size() == all.size() && accepted.size() == one.of.size())
        return fmt::format("every version of `{}` ({})", one.owner, range_text(all, accepted));
    return fmt::format("every version of `{}` that {} ({})", one.owner, who_accepts(one.owner),
                       range_text(all, accepted));
}

std::string teller::who_accepts(const std::string& component) const {
    const auto at = asks_.find(component);
    std::set<std::string> owners;
    for (const sentence* one : at->second) owners.insert(one->owner);
    if (owners.size() > 1) return "all of them accept";
    return fmt::format("{} accepts", owners.begin()->empty() ? asker() : fmt::format("`{}`", *owners.begin()));
}

const teller::versions& teller::accepted_of(const std::string& component) const {
    const auto [at, fresh] = accepted_.try_emplace(component);
    if (fresh) at->second = find_accepted(component);
    return at->second;
}

teller::versions teller::find_accepted(const std::string& component) const {
    versions left;
    for (const facts::component& one : all_.components.at(component)) left.push_back(one.id);
    const auto at = asks_.find(component);
    if (at == asks_.end()) return left;
    std::map<std::string, std::vector<const registry::requirement*>> by_owner;
    for (const sentence* one : at->second) by_owner[one->owner].push_back(&one->required->choices.front().versions);
    const auto find_all = [&](const std::vector<const registry::requirement*>& some, const registry::version& id) {
        return std::ranges::any_of(some, [&](const auto* one) { return one->matches(id); });
    };
    for (const auto& [owner, some] : by_owner) {
        if (owner.empty()) {
            for (const auto* one : some) std::erase_if(left, [&](const auto& id) { return !one->matches(id); });
        } else {
            std::erase_if(left, [&](const auto& id) { return !find_all(some, id); });
        }
    }
    return left;
}

base::error explain(const index& known, const request& asked, const answer& none, const telling& how) {
    return teller{known, asked, none, how}.tell();
}

} // namespace uk::resolver::facts
