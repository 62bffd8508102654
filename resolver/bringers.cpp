#include "resolver/bringers.hpp"

#include <algorithm>

namespace uk::resolver::facts {

namespace {

using type = part::type;

const std::vector<part> nothing;

} // namespace

bringers::bringers(const index& known, const request& asked) : known_{known} {
    const target& aim = known.all().targets.at(asked.target);
    for (const auto* list : {&asked.instances, &aim.devices})
        for (const named_instance& one : *list) named_.emplace(one.name, one.component);
    const part request{type::component, ""};
    add_lines(request, asked);
    for (const need& line : asked.needs) add(request, brought_by(line));
    for (const require& line : aim.requires_)
        for (const choice& one : line.choices) add(request, brought_by(one));
    for (const auto& [name, component] : named_) add({type::instance, name}, {{type::component, component}});
    for (const index::component_entry& entry : known.components()) {
        const part mine{type::component, entry.name};
        std::vector<part> instances;
        if (!named_.contains(entry.name)) {
            instances.push_back({type::instance, entry.name});
            add(instances.front(), {mine});
        }
        for (const auto& [name, component] : named_)
            if (component == entry.name) instances.push_back({type::instance, name});
        for (const component& version : *entry.versions) {
            add_lines(mine, version);
            for (const need& line : version.needs)
                for (const part& one : instances) add(one, brought_by(line));
        }
    }
    for (const index::signature_entry& entry : known.signatures())
        for (const signature& version : *entry.versions)
            for (const require& line : version.requires_)
                add({type::signature, entry.name}, brought_by(line.choices.front()));
    for (auto& [what, by] : of_) {
        std::ranges::sort(by);
        by.erase(std::ranges::unique(by).begin(), by.end());
    }
}

const std::vector<part>& bringers::of(const part& what) const {
    const auto at = of_.find(what);
    return at == of_.end() ? nothing : at->second;
}

std::vector<part> bringers::brought_by(const choice& required) const {
    const auto [component, signature] = known_.find(required.name);
    if (signature == none) return {{type::component, required.name}};
    std::vector<part> all{{type::signature, required.name}};
    for (const number one : known_.signatures()[signature].providers)
        all.push_back({type::component, known_.components()[one].name});
    return all;
}

std::vector<part> bringers::brought_by(const need& line) const {
    const number signature = known_.find(line.signature.name).signature;
    std::vector<part> all{{type::signature, line.signature.name}};
    if (signature == none) return all;
    for (const number one : known_.signatures()[signature].providers) {
        const std::string_view provider = known_.components()[one].name;
        if (!named_.contains(provider)) all.push_back({type::instance, provider});
        for (const auto& [name, component] : named_)
            if (component == provider) all.push_back({type::instance, name});
    }
    return all;
}

void bringers::add(const part& from, const std::vector<part>& brought) {
    for (const part& one : brought) of_[one].push_back(from);
}

template <class Owner>
void bringers::add_lines(const part& from, const Owner& lines) {
    for (const require& line : lines.requires_)
        for (const choice& one : line.choices) add(from, brought_by(one));
    for (const require& line : lines.over) add(from, {{type::signature, line.choices.front().name}});
}

} // namespace uk::resolver::facts
