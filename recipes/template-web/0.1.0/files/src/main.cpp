// A web server. What it answers is in answers.cpp.
#include <array>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/print.hpp>

#include "answers.hpp"

namespace {

/// Says where it serves as soon as the network knows; meanwhile the server serves.
uk::result<void> say_where(needs::console& console, needs::net& net, std::uint16_t port) {
    std::array<uk::net::ip_network, 4> own;
    const auto count = net.addresses(own);
    if (!count) return uk::print(console, "serving on port {}\n", port);
    for (std::size_t i = 0; i < *count && i < own.size(); ++i) {
        char text[uk::net::longest_endpoint];
        UK_TRY(uk::print(console, "serving on http://{}/\n",
                         uk::net::format(uk::net::endpoint{own[i].address, port}, text)));
    }
    return {};
}

} // namespace

uk::result<void> run(needs::console& console, needs::clock& clock, needs::net& net, needs::site& site,
                     const app::parameters& parameters) {
    const auto port = static_cast<std::uint16_t>(parameters.port);
    uk::fiber::scope others;
    UK_TRY(others.spawn([&] { return say_where(console, net, port); }));
    answers ours{clock, site};
    return uk::http::serve(net, {.port = port}, ours);
}
