#include <uk/host_sockets/flow.hpp>

#include "connection.hpp"
#include "host.hpp"

namespace uk::host_sockets {

result<std::size_t> flow::read(std::span<std::byte> in) { return c_->read(in); }

result<void> flow::write(std::span<const std::byte> out) { return c_->write(out); }

result<void> flow::finish() {
    if (c_->broken) return from_errno(c_->broken);
    if (c_->finishing) return {};
    c_->finishing = true;
    if (!c_->written) c_->all_sent();
    return {};
}

void flow::reset() { c_->reset(); }

result<void> flow::watch(net::ready_ticket& ticket) {
    if (c_->can_read()) {
        ticket.ready();
        return {};
    }
    if (!c_->want_more()) return error::out_of_memory;
    c_->ticket = &ticket;
    return {};
}

void flow::unwatch(net::ready_ticket& ticket) {
    if (c_->ticket == &ticket) c_->ticket = nullptr;
    ticket.withdraw();
}

net::endpoint flow::peer() { return c_->peer; }

void flow::drop() {
    if (c_) c_->drop();
}

} // namespace uk::host_sockets
