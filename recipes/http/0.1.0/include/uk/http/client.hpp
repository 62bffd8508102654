// An HTTP/1.1 client over any network stack; names need a resolver, addresses don't:
//
//     uk::http::client web{net, names};
//     const auto answer = web.send({.url = "http://example.org/"});
//     if (!answer) return answer.error();
//     … (*answer)->status(), (*answer)->field("content-type"), (*answer)->body().read(piece) …
//
// One exchange at a time; its connection is kept for the next one to the same place. Redirects are answers like others.
#pragma once

#include <optional>

#include <uk/http/detail/client.hpp>
#include <uk/net/resolver.hpp>
#include <uk/net/stack.hpp>
#include <uk/none.hpp>

namespace uk::http {

template <net::Stack Stack, class Resolver = none>
class client {
  public:
    explicit client(Stack& stack, const client_options& how = {}) : stack_{stack}, core_{how} {}
    client(Stack& stack, Resolver& names, const client_options& how = {})
        requires net::Resolver<Resolver>
        : stack_{stack}, names_{&names}, core_{how} {}
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// Sends a request and waits for the head of the answer, which is valid until the next call. A kept connection that
    /// turns out to be closed is made anew, once, if nothing can have been done twice by that. Errors: invalid (the URL, a
    /// field, or an answer that can't be read), unsupported (not http), not_found (no such host), closed (refused, cut off),
    /// too_large (the answer's head), timed_out, cancelled, out_of_memory, io.
    result<answer*> send(const call& what) {
        const auto where = detail::read_url(what.url);
        if (!where) return where.error();
        if (flow_ && core_.keeps(*where)) {
            const auto got = core_.exchange(stream(), what, *where);
            if (got || !core_.may_repeat(what)) return got;
        }
        flow_.reset();
        core_.forget();
        UK_TRY(connect(*where));
        return core_.exchange(stream(), what, *where);
    }

  private:
    detail::stream stream() { return {&*flow_, &detail::operations_of<typename Stack::flow>}; }

    /// To the first address that takes it.
    result<void> connect(const detail::url& where) {
        const fiber::deadline limit{core_.how().connect};
        net::ip_address found[4];
        std::size_t count = 1;
        if (const auto literal = net::parse_address(where.host)) {
            found[0] = *literal;
        } else if constexpr (net::Resolver<Resolver>) {
            const auto resolved = names_->resolve(where.host, found);
            if (!resolved) return resolved.error();
            count = *resolved;
        } else {
            return error::not_found;
        }
        error last = error::not_found;
        for (std::size_t i = 0; i < count; ++i) {
            auto flow = stack_.connect({.address = found[i], .port = where.port});
            if (flow) {
                flow_.emplace(std::move(*flow));
                return {};
            }
            last = flow.error();
        }
        return last;
    }

    Stack& stack_;
    Resolver* names_ = nullptr;
    std::optional<typename Stack::flow> flow_;
    detail::client_core core_;
};

} // namespace uk::http
