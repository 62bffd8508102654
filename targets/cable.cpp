#include "targets/cable.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace uk::targets {

namespace {

// The first address of the guest's network that isn't its own.
std::string other_end(const network_address& guest) {
    std::uint32_t other = (guest.address & (~std::uint32_t{0} << (32 - guest.prefix))) + 1;
    if (other == guest.address) ++other;
    return fmt::format("{}.{}.{}.{}/{}", other >> 24, other >> 16 & 255, other >> 8 & 255, other & 255, guest.prefix);
}

// What the parameters say under one of the names.
std::optional<std::string> said(const std::vector<std::string>& parameters, const std::vector<std::string>& names) {
    for (std::string_view word : parameters) {
        if (word.starts_with("--")) word.remove_prefix(2);
        const auto equals = word.find('=');
        if (equals != word.npos && std::ranges::find(names, word.substr(0, equals)) != names.end())
            return std::string{word.substr(equals + 1)};
    }
    return {};
}

} // namespace

std::optional<network_address> read_network_address(const std::string& text) {
    const auto slash = text.find('/');
    in_addr address{};
    network_address read;
    if (slash == std::string::npos || ::inet_pton(AF_INET, text.substr(0, slash).c_str(), &address) != 1) return {};
    const char* const end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data() + slash + 1, end, read.prefix);
    if (problem != std::errc{} || stopped != end || read.prefix < 1 || read.prefix > 30) return {};
    read.address = ntohl(address.s_addr);
    return read;
}

std::vector<tap_cable> plan_cables(const run_request& what) {
    const std::vector<std::string> parameters = all_parameters(what);
    std::vector<tap_cable> cables;
    for (const network_card& card : what.how.cards) {
        const std::size_t number = cables.size();
        tap_cable cable{fmt::format("tap{}", number), "", fmt::format("10.0.{}.2/24", number)};
        if (const auto name = said(parameters, card.interface)) cable.interface = *name;
        // What can't be read is the image's to complain about.
        if (const auto address = said(parameters, card.address); address && read_network_address(*address))
            cable.guest = *address;
        cable.host = other_end(*read_network_address(cable.guest));
        cables.push_back(cable);
    }
    return cables;
}

bool needs_tap(const run_request& what) {
    const std::vector<std::string> parameters = all_parameters(what);
    return what.how.runner == "process" && !what.how.cards.empty() &&
           std::ranges::none_of(what.how.cards,
                                [&](const network_card& card) { return said(parameters, card.interface).has_value(); });
}

std::vector<std::string> cable_parameters(const run_request& what, const std::vector<tap_cable>& cables) {
    const std::vector<std::string> parameters = all_parameters(what);
    std::vector<std::string> more;
    const auto tell = [&](const std::vector<std::string>& names, const std::string& value) {
        if (!names.empty() && !said(parameters, names)) more.push_back(names.front() + "=" + value);
    };
    for (std::size_t i = 0; i < cables.size(); ++i) {
        tell(what.how.cards[i].interface, cables[i].interface);
        tell(what.how.cards[i].address, cables[i].guest);
    }
    return more;
}

} // namespace uk::targets
