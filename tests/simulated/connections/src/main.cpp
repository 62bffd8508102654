// Connections by the thousand, some ended in order from either side, some cut off or dropped unread: each gives all of its memory
// back. Ends with 1 if less can be had afterwards than before.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <span>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>
#include <uk/print.hpp>

namespace {

constexpr std::uint16_t port = 7;
constexpr auto other_host = uk::net::ip_address::v4(0x0a750909); // 10.117.9.9
constexpr std::size_t stack_size = 16 * 1024;
constexpr int clients = 8;
using text = std::array<std::byte, 200>;

/// Bytes of memory that can be had in blocks of a KiB; gives them back.
std::size_t memory_left() {
    struct link {
        link* next;
    };
    constexpr std::size_t size = 1024;
    link* first = nullptr;
    std::size_t count = 0;
    while (auto* const block = static_cast<link*>(std::malloc(size))) {
        *block = {first};
        first = block;
        ++count;
    }
    while (first) std::free(std::exchange(first, first->next));
    return count * size;
}

/// Echoes once; then the server, the client, or both end it.
uk::result<void> serve(needs::net::listener& listener) {
    for (int i = 0;; ++i) {
        auto flow = listener.accept();
        if (!flow) return flow.error();
        text buffer;
        const uk::fiber::deadline limit{uk::platform::now() + std::chrono::minutes{10}};
        const auto n = flow->read(buffer);
        if (!n || *n == 0 || !flow->write(std::span{buffer}.first(*n))) continue;
        if (i % 2) continue; // the server is first
        (void)flow->read(buffer);
    }
}

/// One connection; what happens to it is no matter. Whether there was one.
bool connect_once(needs::net& net, int number) {
    const uk::fiber::deadline limit{uk::platform::now() + std::chrono::minutes{10}};
    auto flow = net.connect({other_host, port});
    if (!flow) return false;
    text buffer{};
    if (!flow->write(buffer)) return true;
    switch (number % 4) {
    case 0: // to the end
        while (const auto n = flow->read(buffer))
            if (*n == 0 || !flow->finish()) break;
        break;
    case 1: (void)flow->read(buffer); break;
    case 2: flow->reset(); break;
    default: break; // dropped unread
    }
    return true;
}

/// How many there were.
uk::result<int> connect_often(needs::net& net, int count) {
    uk::fiber::scope fibers;
    int next = 0, made = 0;
    for (int i = 0; i < clients; ++i) {
        UK_TRY(fibers.spawn(
            [&]() -> uk::result<void> {
                while (next < count) made += connect_once(net, next++);
                return {};
            },
            {.stack_size = stack_size, .name = "client"}));
    }
    UK_TRY(fibers.join());
    return made;
}

} // namespace

uk::result<void> run(needs::console& console, needs::net& net, const app::parameters& parameters) {
    uk::net::ip_network own[2];
    if (const auto n = net.addresses(own); !n) return n.error();
    auto listener = net.listen({uk::net::any_address, port});
    if (!listener) return listener.error();
    uk::fiber::scope servers;
    for (int i = 0; i < clients; ++i)
        UK_TRY(servers.spawn([&] { return serve(*listener); }, {.stack_size = stack_size, .name = "server"}));

    const int count = static_cast<int>(parameters.count);
    constexpr std::chrono::minutes all_forgotten{30};
    if (const auto warm = connect_often(net, 500); !warm)
        return warm.error(); // what is kept for later uses is kept now
    UK_TRY(uk::fiber::sleep(all_forgotten));
    const std::size_t before = memory_left();
    const auto made = connect_often(net, count);
    if (!made) return made.error();
    const std::size_t meanwhile = memory_left(); // connections that have ended are known for a minute, but only some
    UK_TRY(uk::fiber::sleep(all_forgotten));
    const std::size_t after = memory_left();
    servers.cancel();
    if (*made < count / 100 * 99) {
        UK_TRY(uk::print(console, "only {} of {} connections\n", *made, count));
        return uk::ended(1);
    }
    constexpr std::size_t cut = 16 * 1024; // the heap is cut otherwise
    constexpr std::size_t ended = 256 * 1024;
    UK_TRY(uk::print(console, "{} bytes before, {} meanwhile, {} after\n", before, meanwhile, after));
    return before < 1024 * 1024 || meanwhile + ended < before || after + cut < before ? uk::ended(1)
                                                                                      : uk::result<void>{};
}
