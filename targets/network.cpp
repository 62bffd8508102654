#include "targets/network.hpp"

#include <algorithm>

namespace uk::targets {

using registry::recipe;
using resolver::chosen_instance;

namespace {

bool implements(const recipe& what, std::string_view signature) {
    return std::ranges::any_of(what.implements, [&](const auto& one) { return one.signature.name == signature; });
}

bool needs(const recipe& what, std::string_view signature) {
    return std::ranges::any_of(what.needs, [&](const auto& one) { return one.signature.name == signature; });
}

// What such a boot parameter of the instance is called: by the instance, by the labels that it fills.
std::vector<std::string> parameter(const chosen_instance& one, const recipe& what, std::string_view name,
                                   registry::value_type type) {
    const bool has = std::ranges::any_of(
        what.parameters, [&](const auto& declared) { return declared.name == name && declared.type == type; });
    if (!has) return {};
    std::vector<std::string> names{one.name + "." + std::string{name}};
    for (const std::string& label : one.labels) {
        if (label != one.name) names.push_back(label + "." + std::string{name});
    }
    return names;
}

} // namespace

std::vector<network_card> network_cards(const resolver::resolution& answer) {
    const auto recipe_of = [&](const chosen_instance& one) -> const recipe& {
        return answer.component(one.component)->entry->content;
    };
    std::vector<network_card> cards;
    for (const chosen_instance& one : answer.instances) {
        if (!implements(recipe_of(one), "net.device")) continue;
        const std::vector<std::string> interface =
            parameter(one, recipe_of(one), "interface", registry::value_type::text);
        if (interface.empty() && !needs(recipe_of(one), "virtio.transport")) continue;
        cards.push_back({one.name, interface, {}});
    }
    for (network_card& card : cards) {
        for (const chosen_instance& above : answer.instances) {
            const bool uses =
                std::ranges::any_of(above.needs, [&](const auto& hole) { return hole.second == card.instance; });
            if (uses && card.address.empty())
                card.address = parameter(above, recipe_of(above), "address", registry::value_type::ipv4_cidr);
        }
    }
    return cards;
}

} // namespace uk::targets
