#include "socket.hpp"

#include "host.hpp"

UK_HOSTED_CALLS(uk::hosted::call::shutdown);
UK_HOSTED_REQUESTS(uk::hosted::request_code::poll, uk::hosted::request_code::cancel);

namespace uk::host_sockets {
namespace {

using hosted::poller::kind;

void readable_now(hosted::operation& self, std::int32_t events, std::uint32_t) {
    auto& q = static_cast<socket::question&>(self);
    socket& s = *q.owner;
    q.asked = false;
    s.became_readable.signal();
    if (s.retired) return s.answer_came();
    if (!s.out.asked && static_cast<std::uint32_t>(events) & ~readable)
        s.became_writable.signal(); // epoll tells both ways
}

void writable_now(hosted::operation& self, std::int32_t, std::uint32_t) {
    auto& q = static_cast<socket::question&>(self);
    q.asked = false;
    q.owner->became_writable.signal();
    if (q.owner->retired) q.owner->answer_came();
}

void nothing(hosted::operation&, std::int32_t, std::uint32_t) {}
constinit hosted::operation ignored{nothing};

} // namespace

socket::socket(int number, void (*how)(socket&)) : descriptor{number}, free_it{how} {
    in.answered = readable_now;
    out.answered = writable_now;
    in.owner = out.owner = this;
}

bool socket::start() { return hosted::poller::which() != kind::epoll || hosted::poller::watch(descriptor, in); }

bool socket::ask(question& which, std::uint32_t events) {
    if (which.asked || hosted::poller::which() == kind::epoll) return true;
    hosted::request* const r = hosted::poller::ask(hosted::request_code::poll, which);
    if (!r) return false;
    r->descriptor = descriptor;
    r->how = events;
    which.asked = true;
    return true;
}

result<void> socket::wait_readable() {
    if (!ask(in, readable)) return error::out_of_memory;
    return became_readable.wait();
}

result<void> socket::wait_writable() {
    if (!ask(out, writable)) return error::out_of_memory;
    return became_writable.wait();
}

void cancel(socket::question& which) {
    if (hosted::request* const r = hosted::poller::ask(hosted::request_code::cancel, ignored)) {
        r->flags = hosted::quiet_success;
        r->descriptor = -1;
        r->address = reinterpret_cast<std::uint64_t>(static_cast<hosted::operation*>(&which));
    }
}

void socket::retire() {
    retired = true;
    if (in.asked || out.asked) {
        // A question holds on to the socket: it ends for others now, and for the host with the answers.
        if (system_call(call::shutdown, static_cast<long>(descriptor), shut_both) != 0) {
            if (in.asked) cancel(in);
            if (out.asked) cancel(out);
        }
    }
    close_descriptor(descriptor);
    descriptor = -1;
    answer_came();
}

void socket::answer_came() {
    if (!in.asked && !out.asked) free_it(*this);
}

} // namespace uk::host_sockets
