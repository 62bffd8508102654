#include "targets/publish.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace uk::targets {

using base::fail;
using base::result;
using base::status;

namespace {

// Binds and lets go again: 0 if the port is free, or what the system says. `number` 0 becomes a free one.
int probe(const published_port& one, std::uint16_t& number) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(number);
    ::inet_pton(AF_INET, one.address.c_str(), &place.sin_addr);
    const int socket = ::socket(AF_INET, (one.guest.udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0);
    if (socket < 0) return errno;
    const int yes = 1; // a connection that ended lately keeps no port from us
    if (!one.guest.udp) ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    int trouble = 0;
    socklen_t size = sizeof place;
    if (::bind(socket, reinterpret_cast<sockaddr*>(&place), size) != 0) trouble = errno;
    // Two with SO_REUSEADDR may both be bound; only one listens.
    else if (!one.guest.udp && ::listen(socket, 1) != 0) trouble = errno;
    else if (::getsockname(socket, reinterpret_cast<sockaddr*>(&place), &size) != 0) trouble = errno;
    ::close(socket);
    number = ntohs(place.sin_port);
    return trouble;
}

} // namespace

result<published_port> parse_publish(const std::string& text) {
    const auto wrong = [&] {
        return fail(status::usage, {}, "`{}` says no port to publish", text)
            .hint("`--publish 8080`, `--publish 18080:8080`, `--publish 0.0.0.0:80:8080`; `/udp` behind it for UDP");
    };
    published_port made;
    std::string_view rest = text;
    const auto last = rest.rfind(':');
    const auto guest = registry::parse_port(last == std::string_view::npos ? rest : rest.substr(last + 1));
    if (!guest) return wrong();
    made.guest = *guest;
    if (last == std::string_view::npos) return made;
    rest = rest.substr(0, last);
    if (const auto colon = rest.rfind(':'); colon != std::string_view::npos) {
        in_addr ignored;
        made.address = std::string{rest.substr(0, colon)};
        if (::inet_pton(AF_INET, made.address.c_str(), &ignored) != 1) return wrong();
        rest = rest.substr(colon + 1);
    }
    const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), made.here);
    if (problem != std::errc{} || end != rest.data() + rest.size()) return wrong();
    return made;
}

std::vector<published_port> all_published(const std::vector<published_port>& asked,
                                          const std::vector<registry::port>& own) {
    std::vector<published_port> all = asked;
    for (const registry::port& one : own) {
        const auto is_asked = [&](const published_port& other) { return other.guest == one; };
        if (std::ranges::none_of(asked, is_asked)) all.push_back({.guest = one});
    }
    return all;
}

result<std::vector<published_port>> choose_ports(std::vector<published_port> ports,
                                                 const std::set<std::uint16_t>& taken) {
    for (published_port& one : ports) {
        const bool asked = one.here != 0;
        if (!asked) one.here = one.guest.number;
        int trouble = taken.contains(one.here) ? EADDRINUSE : probe(one, one.here);
        if (trouble != 0 && !asked) {
            one.here = 0;
            trouble = probe(one, one.here);
        }
        if (trouble != 0)
            return fail(status::environment, {}, "can't publish at port {} of {}: {}", one.here, one.address,
                        std::strerror(trouble))
                .hint(fmt::format("`--publish {}` takes a free one", registry::port_text(one.guest)));
    }
    return ports;
}

std::string publish_argument(const published_port& one) {
    return fmt::format("{}:{}:{}", one.address, one.here, registry::port_text(one.guest));
}

std::string published_text(const published_port& one) {
    const std::string address = one.address == "0.0.0.0" ? "127.0.0.1" : one.address;
    const std::string place = fmt::format("{}:{}", address, one.here);
    return fmt::format("port {} is {}", registry::port_text(one.guest),
                       one.guest.udp ? place : "http://" + place + "/");
}

} // namespace uk::targets
