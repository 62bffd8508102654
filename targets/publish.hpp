// Which ports of this machine lead to an image's: what `uk run --publish` says, and what the image itself says it listens on.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "registry/port.hpp"

namespace uk::targets {

struct published_port {
    std::string address = "127.0.0.1"; ///< of this machine, IPv4
    std::uint16_t here = 0; ///< of this machine; 0: the guest's number if it is free, else a free one
    registry::port guest;
    friend bool operator==(const published_port&, const published_port&) = default;
};

/// `8080`, `18080:8080`, `0.0.0.0:80:8080`, each with `/udp` or without. Errors: usage.
base::result<published_port> parse_publish(const std::string& text);

/// Those asked for, and behind them the image's own that nobody asked for.
std::vector<published_port> all_published(const std::vector<published_port>& asked,
                                          const std::vector<registry::port>& own);

/// Chooses where `here` is 0, none of those in `taken`. Errors: environment when a port that was asked for is taken.
base::result<std::vector<published_port>> choose_ports(std::vector<published_port> ports,
                                                       const std::set<std::uint16_t>& taken = {});
/// `127.0.0.1:18080:8080/udp`: as parse_publish reads it.
std::string publish_argument(const published_port& one);

/// `port 8080 is http://127.0.0.1:18080/`
std::string published_text(const published_port& one);

} // namespace uk::targets
