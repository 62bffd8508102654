#include "registry/port.hpp"

#include <charconv>

namespace uk::registry {

std::optional<port> parse_port(std::string_view text) {
    port read;
    if (text.ends_with("/udp")) read.udp = true;
    if (text.ends_with("/udp") || text.ends_with("/tcp")) text.remove_suffix(4);
    if (text.empty() || text.front() == '0') return std::nullopt;
    const char* const end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data(), end, read.number);
    if (problem != std::errc{} || stopped != end) return std::nullopt;
    return read;
}

std::string port_text(const port& what) { return std::to_string(what.number) + (what.udp ? "/udp" : ""); }

} // namespace uk::registry
