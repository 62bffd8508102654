// The cables between this machine and an image's network cards, for `uk run --tap`: names and addresses, as data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "targets/runner.hpp"

namespace uk::targets {

struct network_address {
    std::uint32_t address = 0; ///< host byte order
    int prefix = 0;            ///< 1 to 30
};
/// `10.0.0.2/24`
std::optional<network_address> read_network_address(const std::string& text);

struct tap_cable {
    std::string interface; ///< at this machine's end: `tap0`
    std::string host;      ///< `10.0.0.1/24`
    std::string guest;     ///< `10.0.0.2/24`
    friend bool operator==(const tap_cable&, const tap_cable&) = default;
};

/// One for each card, `10.0.N.0/24`. What the image's parameters say of them counts.
std::vector<tap_cable> plan_cables(const run_request& what);

/// Whether it is a process with a card, which has no network but that of a TAP interface, and no parameter names one that
/// this machine has.
bool needs_tap(const run_request& what);

/// The parameters that tell the image its end of the cables, where nothing else does.
std::vector<std::string> cable_parameters(const run_request& what, const std::vector<tap_cable>& cables);

} // namespace uk::targets
