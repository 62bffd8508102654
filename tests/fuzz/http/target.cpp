// The HTTP server: whatever arrives gives the same responses however it is cut into pieces, and nothing is lost or left behind.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <uk/http/server.hpp>

#include "../../kernel/fake_platform.hpp"
#include "../../recipes/http/memory_network.hpp"

namespace {

using namespace uk;

result<void> handle(const http::request& asked, http::response& answer) {
    if (asked.path().starts_with("/ignore")) return answer.send("text/plain", "ignored\n");
    if (asked.path().starts_with("/stream")) {
        for (int i = 0; i < 1000; ++i) UK_TRY(answer.write("0123456789"));
        return {};
    }
    // All that the server understood comes back.
    UK_TRY(answer.field("X-Path", asked.path()));
    UK_TRY(answer.field("X-Host", asked.host()));
    std::byte piece[64];
    for (;;) {
        const auto got = asked.body().read(piece);
        if (!got) return got.error();
        if (*got == 0) return answer.write(asked.query());
        UK_TRY(answer.write(std::span{piece}.first(*got)));
    }
}

/// Without what may differ: where chunks were cut, and leave to send that came too late.
std::string normal(const std::string& text) {
    constexpr std::string_view leave = "HTTP/1.1 100 Continue\r\n\r\n", chunks = "Transfer-Encoding: chunked\r\n\r\n";
    std::string_view rest = text;
    std::string out;
    while (!rest.empty()) {
        if (rest.starts_with(leave)) {
            rest.remove_prefix(leave.size());
        } else if (rest.starts_with(chunks)) {
            rest.remove_prefix(chunks.size());
            for (std::size_t size = 1; size > 0 && !rest.empty();) {
                size = std::strtoul(std::string{rest.substr(0, 16)}.c_str(), nullptr, 16);
                rest.remove_prefix(std::min(rest.size(), rest.find('\n') + 1));
                out += rest.substr(0, size);
                rest.remove_prefix(std::min(rest.size(), size + 2));
            }
        } else {
            out += rest.front();
            rest.remove_prefix(1);
        }
    }
    return out;
}

void settle() {
    for (int i = 0; i < 12; ++i) (void)fiber::yield().has_value();
}

/// What a client gets that sends `text`: all at once for seed 0, else in pieces.
std::string serve(std::string_view text, unsigned seed) {
    auto clients = std::make_shared<memory::backlog>();
    memory::listener listener{clients};
    auto wire = std::make_shared<memory::wire>();
    http::options how{.head_bytes = 512, .fields = 10, .body_bytes = 2000, .output_bytes = 1024};
    fiber::scope scope;
    if (!scope.spawn([&] { (void)http::serve_on(listener, how, handle).has_value(); })) std::abort();
    clients->waiting.push_back(wire);
    clients->arrived.signal();
    while (!text.empty()) {
        std::size_t size = text.size();
        if (seed != 0) {
            seed = (seed * 1664525 + 1013904223) | 1;
            size = seed >> 30 == 0 ? 1 : 1 + (seed >> 8) % 90;
        }
        wire->send(text.substr(0, size));
        text.remove_prefix(std::min(text.size(), size));
        settle();
        if (wire->server_closed) break;
    }
    wire->finish();
    for (int i = 0; i < 200 && !wire->server_closed; ++i) settle();
    if (!wire->server_closed) std::abort(); // nobody looks after it
    scope.cancel();
    (void)scope.join().has_value();
    return normal(wire->written);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fake::reset();
    const std::string text{reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 6000)};
    unsigned seed = 1;
    for (const char c : text) seed = seed * 31 + static_cast<unsigned char>(c);
    const std::string whole = serve(text, 0), split = serve(text, seed | 1);
    if (whole != split) {
        std::fprintf(stderr, "in one way:\n%s\nin another:\n%s\n", whole.c_str(), split.c_str());
        std::abort();
    }
    if (fake::the_machine().stacks != 0) std::abort();
    return 0;
}
