// A port that an application listens on, as `ports:` of a manifest and `uk run --publish` name it: `8080`, `53/udp`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uk::registry {

struct port {
    std::uint16_t number = 0; ///< 1 to 65535
    bool udp = false; ///< else TCP
    friend bool operator==(const port&, const port&) = default;
};

/// None if it isn't one. `8080/tcp` is `8080`.
std::optional<port> parse_port(std::string_view text);
std::string port_text(const port& what);

} // namespace uk::registry
