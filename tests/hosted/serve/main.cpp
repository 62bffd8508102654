// Takes connections at a free port, whose number it prints. A line from the other end says what to do: `send N` (bytes), `hold`
// (read no more), `bye` (answer with 3000 bytes and end the process).
#include <array>
#include <charconv>
#include <new>
#include <string_view>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/net/ready.hpp>
#include <uk/print.hpp>

using namespace uk;
using flow = needs::net::flow;

namespace {

struct client {
    client(flow f, net::ready_queue& q) : joined{std::move(f)}, ticket{q, this} {}
    flow joined;
    net::ready_ticket ticket;
};

std::array<std::byte, 65536> block; // zeros

result<void> send(flow& to, std::size_t size) {
    for (std::size_t part; size > 0; size -= part) {
        part = size < block.size() ? size : block.size();
        UK_TRY(to.write(std::span{block}.first(part)));
    }
    return {};
}

/// Until the client is to be waited for again; false: it is gone.
bool serve(client& c, std::string_view line) {
    std::size_t size = 0;
    line.remove_prefix(5);
    std::from_chars(line.data(), line.data() + line.size(), size);
    return send(c.joined, size).has_value() && c.joined.watch(c.ticket).has_value();
}

result<void> take(needs::net::listener& from, net::ready_queue& queue) {
    for (;;) {
        auto joined = from.accept();
        if (!joined && joined.error() == error::out_of_memory) continue;
        if (!joined) return joined.error();
        auto* c = new (std::nothrow) client{std::move(*joined), queue};
        if (c && !c->joined.watch(c->ticket)) delete c;
    }
}

} // namespace

uk::result<void> run(needs::console& console, needs::net& net) {
    auto listener = net.listen({net::any_address, 0});
    if (!listener) return listener.error();
    print(console, "port {}\n", listener->local().port);
    net::ready_queue queue;
    fiber::scope scope;
    UK_TRY(scope.spawn([&] { return take(*listener, queue); }));
    for (;;) {
        const auto ticket = queue.next();
        if (!ticket) return ticket.error();
        auto* const c = static_cast<client*>((*ticket)->owner());
        std::array<char, 64> text;
        const auto got = c->joined.read(std::as_writable_bytes(std::span{text}));
        const std::string_view line{text.data(), got ? *got : 0};
        if (line.starts_with("send ")) {
            const auto started = scope.spawn([c, text, size = line.size()] {
                if (!serve(*c, {text.data(), size})) delete c;
            });
            if (!started) delete c;
        } else if (line.starts_with("bye")) {
            const auto answered = c->joined.write(std::span{block}.first(3000));
            delete c;
            return answered;
        } else if (!line.starts_with("hold")) {
            delete c;
        }
    }
}
