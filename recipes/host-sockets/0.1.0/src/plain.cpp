// Listeners and datagrams: one call to the host each, and a wait where it has nothing.
#include <uk/host_sockets/flow.hpp>

#include "connection.hpp"
#include "host.hpp"

UK_HOSTED_CALLS(uk::hosted::call::accept4, uk::hosted::call::sendto, uk::hosted::call::recvfrom);

namespace uk::host_sockets {

result<flow> listener::accept() {
    auto& s = static_cast<plain_socket&>(*s_);
    if (s.tired) {
        // There was no descriptor for the connection that waits, and nothing tells when there is one.
        UK_TRY(fiber::sleep(std::chrono::milliseconds{10}));
        s.tired = false;
    }
    for (;;) {
        address other;
        std::uint32_t size = sizeof other;
        const long made =
            system_call(call::accept4, static_cast<long>(s.descriptor), &other, &size, non_blocking | close_on_exec);
        if (made >= 0) {
            auto* const c = connection::make(static_cast<int>(made), from_host(other));
            if (!c) return error::out_of_memory;
            return flow{c};
        }
        if (made == -hosted::EAGAIN_) {
            UK_TRY(s.wait_readable());
        } else if (from_errno(made) == error::out_of_memory) {
            s.tired = true;
            return error::out_of_memory;
        } else if (made == -hosted::EINVAL_) {
            return error::closed;
        } else if (from_errno(made) == error::io && made != -hosted::EINTR_) {
            return error::io;
        } // else that connection is gone already (accept(2))
    }
}

net::endpoint listener::local() { return local_of(s_->descriptor); }

void listener::drop() {
    if (s_) s_->retire();
}

result<void> datagrams::send(const net::endpoint& to, std::span<const std::byte> out) {
    const long family = local_of(s_->descriptor).address.is_v4() ? family_v4 : family_v6;
    if (family == family_v4 && !to.address.is_v4()) return error::not_found;
    const address name = to_host(to, family);
    for (;;) {
        const long sent =
            system_call(call::sendto, static_cast<long>(s_->descriptor), out.data(), static_cast<long>(out.size()),
                        no_signal | dont_wait, &name, static_cast<long>(family == family_v4 ? 16 : address::size));
        if (sent >= 0) return {};
        if (sent == -hosted::EAGAIN_) UK_TRY(s_->wait_writable());
        else if (sent != -hosted::EINTR_) {
            const error why = from_errno(sent);
            return why == error::busy || why == error::closed || why == error::timed_out ? error::io : why;
        }
    }
}

result<net::arrival> datagrams::receive(std::span<std::byte> in) {
    for (;;) {
        address other;
        std::uint32_t size = sizeof other;
        const long got = system_call(call::recvfrom, static_cast<long>(s_->descriptor), in.data(),
                                     static_cast<long>(in.size()), dont_wait | truncate, &other, &size);
        if (got >= 0) return net::arrival{static_cast<std::size_t>(got), from_host(other)};
        if (got == -hosted::EAGAIN_) UK_TRY(s_->wait_readable());
        else if (got != -hosted::EINTR_ && got != -ECONNREFUSED_) return error::io;
    }
}

net::endpoint datagrams::local() { return local_of(s_->descriptor); }

void datagrams::drop() {
    if (s_) s_->retire();
}

} // namespace uk::host_sockets
