// Answers each request with the same response of 1 KiB, so that a benchmark shows the network stack and nothing else.
#include <array>
#include <cstring>
#include <new>
#include <string_view>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/net/ready.hpp>

using namespace uk;
using flow = needs::net::flow;

struct client {
    client(flow f, net::ready_queue& q) : f{std::move(f)}, t{q, this} {}
    flow f;
    net::ready_ticket t;
};

static char response[2048];
static std::size_t response_size;

uk::result<void> run(needs::net& net, const app::parameters& how) {
    std::strcpy(response, "HTTP/1.1 200 OK\r\nServer: uk\r\nContent-Type: text/html\r\nContent-Length: "
                          "1024\r\nConnection: keep-alive\r\nDate: Tue, 24 Nov 2026 18:00:00 GMT\r\n\r\n");
    response_size = std::strlen(response);
    std::memset(response + response_size, 'x', 1024);
    response_size += 1024;
    auto l = net.listen({net::any_address, static_cast<std::uint16_t>(how.port)});
    if (!l) return l.error();
    net::ready_queue queue;
    fiber::scope scope;
    UK_TRY(scope.spawn([&]() -> result<void> {
        for (;;) {
            auto f = l->accept();
            if (!f) {
                if (f.error() == error::out_of_memory) continue;
                return f.error();
            }
            auto* c = new (std::nothrow) client{std::move(*f), queue};
            if (c && !c->f.watch(c->t)) delete c;
        }
    }));
    std::array<std::byte, 4096> in;
    for (;;) {
        auto t = queue.next();
        if (!t) return t.error();
        auto* c = static_cast<client*>((*t)->owner());
        auto n = c->f.read(in);
        if (!n || *n == 0) {
            delete c;
            continue;
        }
        std::string_view text{reinterpret_cast<const char*>(in.data()), *n};
        for (std::size_t at; (at = text.find("\r\n\r\n")) != text.npos; text.remove_prefix(at + 4))
            (void)c->f.write(std::as_bytes(std::span{response, response_size}));
        if (!c->f.watch(c->t)) delete c;
    }
}
