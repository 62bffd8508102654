// A server that says how much memory is left, for whoever attacks it to see that nothing stays behind.
#include <cstdlib>

#include <uk/http/server.hpp>
#include <uk/needs.hpp>
#include <uk/print.hpp>

namespace http = uk::http;

namespace {

/// Bytes of memory that can be had in blocks of a KiB; gives them back.
std::size_t memory_left() {
    constexpr std::size_t block = 1024;
    struct link {
        link* next;
    };
    link* all = nullptr;
    std::size_t count = 0;
    while (auto* const more = static_cast<link*>(std::malloc(block))) {
        more->next = all;
        all = more;
        ++count;
    }
    while (all) std::free(std::exchange(all, all->next));
    return count * block;
}

} // namespace

uk::result<void> run(needs::console& console, needs::net& net) {
    UK_TRY(uk::print(console, "serving\n"));
    return http::serve(net, {.port = 8080}, [](const http::request& request, http::response& response) {
        char text[100];
        if (request.path() == "/memory") return response.send("text/plain", uk::print_to(text, "{}\n", memory_left()));
        return response.send("text/plain", uk::print_to(text, "you asked for {}\n", request.path()));
    });
}
