// The last choices: each signature's version.
#include "resolver/search.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace uk::resolver {

using base::error;
using base::fail;
using base::note;
using base::status;
using registry::recipe;

namespace {

// A caret as signatures mean it: the same major, for 0.x the same minor, and not older.
bool serves(const registry::version& chosen, const registry::version& provided) {
    if (chosen.major != provided.major || (chosen.major == 0 && chosen.minor != provided.minor)) return false;
    return chosen >= provided;
}

} // namespace

// Last, by name: the locked version, else the newest, of each signature that is in the image.
bool search::decide_signatures(search_state& s) {
    if (!options_are_set(s)) return false;
    std::map<std::string, std::vector<std::pair<registry::version, std::string>>> provided;
    const auto provide = [&](const std::string& signature, const std::string& component) {
        const recipe& content = s.chosen.at(component)->content;
        if (const auto* by = provides(s, content, signature, {}))
            provided[signature].emplace_back(by->provides, called(*s.chosen.at(component)));
    };
    for (const auto& [signature, component] : s.image_scope) provide(signature, component);
    for (const std::string& name : s.instances) {
        const std::string component = world_.instance(name)->component;
        for (const registry::implementation& one : s.chosen.at(component)->content.implements) {
            if (s.signatures.contains(one.signature.name)) provide(one.signature.name, component);
        }
    }
    for (const auto& [name, asked] : s.signatures) {
        const auto decided = s.chosen_signatures.find(name);
        std::vector<apply> candidates;
        std::vector<note> reasons;
        std::vector<registry::version> versions = world_.components.versions(name);
        if (const auto locked = soft_.signature_preference.find(name); locked != soft_.signature_preference.end())
            std::ranges::stable_sort(versions, {},
                                     [&](const registry::version& v) { return v.text() != locked->second; });
        for (const registry::version& id : versions) {
            const registry::entry* entry = world_.find(name, id);
            if (!entry || (decided != s.chosen_signatures.end() && decided->second != entry)) continue;
            std::string reason;
            base::place where;
            for (const constraint& one : asked) {
                if (!one.versions.matches(id))
                    reason = fmt::format("{} wants `{}`", one.by.who, one.versions.text()), where = one.by.where;
            }
            for (const auto& [version, component] : provided[name]) {
                if (!serves(id, version)) reason = fmt::format("`{}` implements {}", component, version.text_short());
            }
            if (!reason.empty()) {
                reasons.push_back({"looked at", fmt::format("`{} {}`: {}", name, id.text(), reason), where});
                continue;
            }
            candidates.push_back([this, name, entry](search_state& t) {
                t.chosen_signatures[name] = entry;
                for (const registry::require& one : entry->content.requires_) {
                    const registry::dependency& wanted = one.choices.front().component;
                    const asker by{fmt::format("`{}`", called(*entry)), one.where};
                    if (world_.signature(wanted.name)) t.signatures[wanted.name].push_back({wanted.versions, "", by});
                    else if (!want(t, wanted.name, {wanted.versions, "", by}, name)) return false;
                }
                return true;
            });
        }
        if (candidates.empty()) {
            error e = fail(status::unsolvable, asked.front().by.where,
                           "no version of the signature `{}` suits everybody in this image", name);
            for (const constraint& one : asked)
                e.add(
                    {"needed by", fmt::format("{}, which wants `{}`", one.by.who, one.versions.text()), one.by.where});
            for (note& one : reasons) e.add(std::move(one));
            return dead_end(s, std::move(e));
        }
        if (decided != s.chosen_signatures.end()) continue;
        return choose(s, candidates); // and come back for the next
    }
    s.complete = s.later.empty();
    return true;
}

} // namespace uk::resolver
