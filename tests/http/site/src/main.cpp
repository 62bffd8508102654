// What the suite asks: files, a body that comes back, a stream, a handler that takes its time; the log on the console.
#include <uk/fiber.hpp>
#include <uk/http/server.hpp>
#include <uk/needs.hpp>
#include <uk/print.hpp>

namespace http = uk::http;

namespace {

uk::result<void> echo(const http::request& request, http::response& response) {
    std::byte piece[1024];
    for (;;) {
        const auto got = request.body().read(piece);
        if (!got) return got.error();
        if (*got == 0) return {};
        UK_TRY(response.write(std::span{piece}.first(*got)));
    }
}

uk::result<void> stream(http::response& response) {
    for (int i = 0; i < 16 * 1024; ++i) {
        char line[1024];
        std::memset(line, 'a' + i % 26, sizeof line);
        UK_TRY(response.write(std::string_view{line, sizeof line}));
    }
    return {};
}

} // namespace

uk::result<void> run(needs::console& console, needs::net& net, needs::site& site, const app::parameters& parameters) {
    const auto note = [&](const http::log_entry& entry) {
        if (entry.why.empty()) return;
        (void)uk::print(console, "refused {}: {}\n", entry.status, entry.why).has_value();
    };
    const http::options how{.port = static_cast<std::uint16_t>(parameters.port),
                            .connections = 3000,
                            .workers = 8,
                            .body_bytes = 64 << 20,
                            .head = parameters.body,
                            .body = parameters.body,
                            .write = parameters.body,
                            .log = note};
    return http::serve(net, how, [&](const http::request& request, http::response& response) -> uk::result<void> {
        if (request.path() == "/echo") return echo(request, response);
        if (request.path() == "/stream") return stream(response);
        if (request.path() == "/slow") {
            UK_TRY(uk::fiber::sleep(std::chrono::milliseconds{500}));
            return response.send("text/plain", "slow\n");
        }
        return http::files(site, request, response);
    });
}
