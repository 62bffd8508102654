// The site as a visitor sees it, over the network that the variant has: `uk test`.
#include <array>

#include <uk/fiber.hpp>
#include <uk/http/client.hpp>
#include <uk/needs.hpp>
#include <uk/print.hpp>
#include <uk/test.hpp>

#include "answers.hpp"

namespace {

/// Where the server is, for this visitor.
uk::result<std::string_view> url_of(needs::net& net, std::uint16_t port, std::span<char> text) {
    std::array<uk::net::ip_network, 1> own;
    UK_REQUIRE(net.addresses(own));
    char place[uk::net::longest_endpoint];
    return uk::print_to(text, "http://{}", uk::net::format(uk::net::endpoint{own[0].address, port}, place));
}

uk::result<void> visit(needs::net& net, std::string_view server) {
    uk::http::client web{net};
    char url[120], body[1000];
    const auto get = [&](std::string_view path) { return web.send({.url = uk::print_to(url, "{}{}", server, path)}); };

    const auto page = get("/");
    UK_REQUIRE(page);
    UK_CHECK((*page)->status() == 200);
    UK_CHECK((*page)->field("content-type") == "text/html; charset=utf-8");

    const auto hello = get("/hello?name=Ada");
    UK_REQUIRE(hello);
    const auto text = (*hello)->body().read(std::as_writable_bytes(std::span{body}));
    UK_REQUIRE(text);
    UK_CHECK(std::string_view(body, *text) == "hello, Ada\n");

    const auto nothing = get("/nothing");
    UK_REQUIRE(nothing);
    UK_CHECK((*nothing)->status() == 404);
    return {};
}

} // namespace

uk::result<void> run(needs::console&, needs::clock& clock, needs::net& net, needs::site& site, const app::parameters&) {
    answers ours{clock, site};
    auto listener = net.listen({}); // at any free port
    UK_REQUIRE(listener);
    uk::fiber::scope server;
    UK_REQUIRE(server.spawn([&] { return uk::http::serve_on(*listener, {}, ours); }));
    char place[100];
    const auto url = url_of(net, listener->local().port, place);
    UK_REQUIRE(url);
    return visit(net, *url); // leaving ends the server
}
