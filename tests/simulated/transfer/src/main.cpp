// A mebibyte to another host, which is this one behind the mirror of the simulated network, and back: every byte arrives once, in
// order, whatever the network does. Ends with 3 if the network was so bad that TCP gave the connection up.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <span>

#include <uk/fiber.hpp>
#include <uk/needs.hpp>
#include <uk/platform.hpp>
#include <uk/print.hpp>

namespace {

constexpr std::size_t total = 1 << 20;
constexpr std::uint16_t port = 7;
constexpr auto other_host = uk::net::ip_address::v4(0x0a750909); // 10.117.9.9
constexpr auto other_host_v6 = uk::net::ip_address::v6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9});
constexpr std::size_t stack_size = 32 * 1024;

constexpr std::byte byte_at(std::size_t i) { return static_cast<std::byte>(i * 131 + (i >> 8) * 7 + (i >> 16)); }

/// Sends back what comes, until the other end finishes.
uk::result<void> echo(needs::net::listener& listener) {
    auto flow = listener.accept();
    if (!flow) return flow.error();
    static std::array<std::byte, 8192> buffer;
    for (;;) {
        const auto n = flow->read(buffer);
        if (!n) return n.error();
        if (*n == 0) return flow->finish();
        UK_TRY(flow->write(std::span{buffer}.first(*n)));
    }
}

uk::result<void> write_all(needs::net::flow& flow) {
    static std::array<std::byte, 5000> buffer;
    for (std::size_t written = 0; written < total;) {
        const std::size_t n = std::min(buffer.size(), total - written);
        for (std::size_t i = 0; i < n; ++i) buffer[i] = byte_at(written + i);
        UK_TRY(flow.write(std::span{buffer}.first(n)));
        written += n;
    }
    return flow.finish();
}

uk::result<void> read_all(needs::net::flow& flow) {
    static std::array<std::byte, 4096> buffer;
    std::size_t got = 0;
    for (;;) {
        const auto n = flow.read(buffer);
        if (!n) return n.error();
        if (*n == 0) break;
        for (std::size_t i = 0; i < *n; ++i)
            if (buffer[i] != byte_at(got + i)) uk::platform::panic("a byte is wrong");
        got += *n;
    }
    if (got != total) uk::platform::panic("bytes are missing, and nobody said so");
    return {};
}

uk::result<void> transfer(needs::net& net, bool v6) {
    // When one end gives up, the word of it can get lost as well.
    const uk::fiber::deadline limit{uk::platform::now() + std::chrono::hours{20}};
    uk::net::ip_network own[2];
    if (const auto n = net.addresses(own); !n) return n.error();
    // An address of IPv6 is asked for first: a second at least (RFC 4862, 5.4).
    if (v6) UK_TRY(uk::fiber::sleep(std::chrono::seconds{5}));
    auto listener = net.listen({uk::net::any_address, port});
    if (!listener) return listener.error();
    uk::fiber::scope fibers;
    UK_TRY(fibers.spawn([&] { return echo(*listener); }, {.stack_size = stack_size, .name = "echo"}));
    auto flow = net.connect({v6 ? other_host_v6 : other_host, port});
    if (!flow) return flow.error();
    UK_TRY(fibers.spawn([&] { return write_all(*flow); }, {.stack_size = stack_size, .name = "writer"}));
    UK_TRY(read_all(*flow));
    return fibers.join();
}

} // namespace

uk::result<void> run(needs::console& console, needs::net& net, const app::parameters& parameters) {
    constexpr int gave_up = 3;
    if (const auto done = transfer(net, parameters.v6); !done) {
        const auto e = done.error();
        if (e != uk::error::io && e != uk::error::closed && e != uk::error::timed_out) return e;
        UK_TRY(uk::print(console, "given up\n"));
        return uk::ended(gave_up);
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(uk::platform::now().time_since_epoch());
    return uk::print(console, "all of it after {} ms\n", took.count());
}
