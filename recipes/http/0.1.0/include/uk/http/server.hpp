// An HTTP/1.1 server (RFC 9110, RFC 9112) over any network stack:
//
//     uk::http::serve(net, {.port = 8080}, [&](const uk::http::request& request, uk::http::response& response) {
//         return uk::http::files(site, request, response);
//     });
#pragma once

#include <new>

#include <uk/fiber.hpp>
#include <uk/http/detail/server.hpp>
#include <uk/http/files.hpp>
#include <uk/http/options.hpp>
#include <uk/http/request.hpp>
#include <uk/http/response.hpp>
#include <uk/http/text.hpp>
#include <uk/net/stack.hpp>

namespace uk::http {

/// Serves what a listener takes until it fails or the fiber is cancelled, and returns that error. `handle` is called as
/// `result<void>(const request&, response&)`, on several fibers at once; an error that it returns becomes a response where
/// that is still possible (not_found 404, out_of_memory 503, else 500), and is never more than the end of one connection.
template <net::Listener Listener, std::invocable<const request&, response&> Handler>
result<void> serve_on(Listener& listener, const options& how, Handler&& handle) {
    using flow = typename Listener::flow;
    constexpr const detail::connection_operations& operations = detail::operations_of_connection<flow>;
    const auto call = [&handle](const request& asked, response& answer) -> result<void> {
        return handle(asked, answer);
    };
    detail::server server{how, call, operations};
    fiber::scope fibers;
    UK_TRY(server.start(fibers));
    for (;;) {
        auto accepted = listener.accept();
        if (!accepted) {
            if (accepted.error() != error::out_of_memory) return accepted.error();
            if (!server.close_idle()) UK_TRY(fiber::sleep(std::chrono::milliseconds{10}));
            continue;
        }
        detail::connection_of<flow>* made = nullptr;
        if (server.has_room())
            made = new (std::nothrow) detail::connection_of<flow>{server.queue(), std::move(*accepted)};
        if (made) {
            server.admit(*made);
        } else {
            server.refuse({&*accepted, operations.flow});
        }
    }
}

/// The same at `how.address` and `how.port` of a stack. Errors also: busy (the port is in use), not_found, out_of_memory, io.
template <net::Stack Stack, std::invocable<const request&, response&> Handler>
result<void> serve(Stack& stack, const options& how, Handler&& handle) {
    auto listener = stack.listen({.address = how.address, .port = how.port});
    if (!listener) return listener.error();
    return serve_on(*listener, how, handle);
}

} // namespace uk::http
