#include "resolver/index.hpp"

namespace uk::resolver::facts {

namespace {

const std::vector<signature> undeclared;

} // namespace

index::index(const universe& all) : all_{all}, names_{all.components.size() + all.signatures.size()} {
    components_.reserve(all.components.size());
    const auto signature_number = [&](std::string_view name, const std::vector<signature>& versions) {
        number& known = names_[name].signature;
        if (known == none) {
            known = static_cast<number>(signatures_.size());
            signatures_.push_back({name, &versions, {}});
        }
        return known;
    };
    for (const auto& [name, versions] : all.signatures) (void)signature_number(name, versions);
    for (const auto& [name, versions] : all.components) {
        const auto mine = static_cast<number>(components_.size());
        names_[name].component = mine;
        components_.push_back({name, &versions});
        if (!all.sets_options && !all.has_odd_versions) continue;
        for (std::size_t i = 0; i < versions.size(); ++i) {
            for (const provide& one : versions[i].provides) {
                auto& providers = signatures_[signature_number(one.signature, undeclared)].providers;
                if (providers.empty() || providers.back() != mine) providers.push_back(mine);
            }
            const component& one = versions[i];
            if (one.yanked || one.singleton || !one.settings.empty()) components_[mine].plain = false;
            if (!all.sets_options) continue;
            for (const require& line : one.requires_) {
                for (const choice& each : line.choices) {
                    for (const auto& [option, value] : each.options)
                        setters_[{each.name, option}].push_back({mine, i, value});
                }
            }
        }
    }
}

} // namespace uk::resolver::facts
