#include "connection.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "host.hpp"

UK_HOSTED_CALLS(uk::hosted::call::recvfrom);
UK_HOSTED_REQUESTS(uk::hosted::request_code::receive);

namespace uk::host_sockets {
namespace {

// linux/io_uring.h
struct lent { // io_uring_buf; the first one's last word is the ring's tail
    std::uint64_t address;
    std::uint32_t size;
    std::uint16_t number, tail;
};
constexpr std::uint16_t again_and_again = 2; // IORING_RECV_MULTISHOT

constexpr std::uint32_t buffer_count = 256, buffer_size = 4096;
constexpr std::uint32_t few_left = buffer_count / 4; // from here on bytes are copied out at once
constexpr std::uint32_t most_unread = 16 * 1024;     // of a connection that isn't read

struct shared_buffers {
    lent* ring = nullptr;
    std::byte* memory = nullptr;
    std::uint32_t left = 0;
    std::uint16_t tail = 0;
    chunk chunks[buffer_count];

    void give(std::uint16_t number) {
        lent& place = ring[tail & (buffer_count - 1)];
        place.address = reinterpret_cast<std::uint64_t>(memory + std::size_t{number} * buffer_size);
        place.size = buffer_size;
        place.number = number;
        __atomic_store_n(&ring[0].tail, ++tail, __ATOMIC_RELEASE);
        ++left;
    }
};
constinit shared_buffers buffers{};

void release(chunk* c) {
    if (c->shared) return buffers.give(c->number);
    std::free(c);
}

/// The chunk for what the host put into a buffer; null where there is no memory for it.
chunk* keep(std::uint16_t number, std::uint32_t size) {
    std::byte* const data = buffers.memory + std::size_t{number} * buffer_size;
    --buffers.left;
    if (buffers.left >= few_left) {
        buffers.chunks[number] = {nullptr, data, size, number, true};
        return &buffers.chunks[number];
    }
    auto* const copy = static_cast<chunk*>(std::malloc(sizeof(chunk) + size));
    if (copy) {
        *copy = {nullptr, reinterpret_cast<std::byte*>(copy + 1), size, 0, false};
        std::memcpy(copy->data, data, size);
    }
    buffers.give(number);
    return copy;
}

void received(hosted::operation& self, std::int32_t answer, std::uint32_t flags) {
    auto& q = static_cast<socket::question&>(self);
    auto& c = static_cast<connection&>(*q.owner);
    if (!(flags & hosted::more_follow)) q.asked = c.taking_back = false;
    if (flags & hosted::has_buffer) {
        chunk* const more =
            keep(static_cast<std::uint16_t>(flags >> 16), answer > 0 ? static_cast<std::uint32_t>(answer) : 0);
        if (!more) {
            c.fail(-hosted::ENOMEM_);
        } else if (answer <= 0 || c.dropped) {
            release(more);
        } else {
            (c.last ? c.last->next : c.first) = more;
            c.last = more;
            c.unread += more->size;
        }
    }
    if (c.retired) {
        if (!q.asked) c.answer_came();
        return;
    }
    if (answer == 0) c.ended = true;
    if (answer < 0 && answer != -ECANCELED_ && answer != -ENOBUFS_) c.fail(answer);
    if (c.dropped) return;
    if (c.can_read()) {
        c.tell_reader();
    } else if (!q.asked && c.ticket) {
        c.want_more(); // buffers had run out
    } else if (!q.asked) {
        c.became_readable.signal(); // whoever reads asks again
    }
    if (c.unread >= most_unread && q.asked && !c.taking_back) {
        c.taking_back = true;
        cancel(q);
    }
}

/// Without shared buffers: the host says that a call would find something.
void readable_now(hosted::operation& self, std::int32_t events, std::uint32_t) {
    auto& q = static_cast<socket::question&>(self);
    auto& c = static_cast<connection&>(*q.owner);
    const auto which = static_cast<std::uint32_t>(events);
    q.asked = false;
    if (c.retired) return c.answer_came();
    if (which & (peer_ended | hung_up | failed)) c.closing = true;
    if (which & ~writable) {
        c.may_have_more = true;
        if (!c.dropped) c.tell_reader();
    }
    if (which & ~readable && hosted::poller::which() == hosted::poller::kind::epoll) c.out.answered(c.out, events, 0);
}

} // namespace

connection::connection(int number, const net::endpoint& other)
    : socket{number,
             [](socket& s) {
                 auto& c = static_cast<connection&>(s);
                 c.forget_received();
                 delete &c;
             }},
      peer{other} {
    in.answered = buffers.ring ? received : readable_now;
}

result<void> start_receiving() {
    if (hosted::poller::which() == hosted::poller::kind::none) return error::io;
    if (hosted::poller::which() != hosted::poller::kind::ring) return {};
    constexpr std::size_t page = 4096;
    auto* const memory = static_cast<std::byte*>(
        std::aligned_alloc(page, sizeof(lent) * buffer_count + std::size_t{buffer_size} * buffer_count));
    if (!memory) return error::out_of_memory;
    std::memset(memory, 0, sizeof(lent) * buffer_count);
    if (!hosted::poller::lend_buffers(memory, buffer_count, 0)) {
        std::free(memory); // an older Linux
        return {};
    }
    buffers.ring = reinterpret_cast<lent*>(memory);
    buffers.memory = memory + sizeof(lent) * buffer_count;
    for (std::uint32_t i = 0; i < buffer_count; ++i) buffers.give(static_cast<std::uint16_t>(i));
    return {};
}

void connection::tell_reader() {
    became_readable.signal();
    if (!ticket) return;
    ticket->ready();
    ticket = nullptr;
}

bool connection::can_read() {
    if (first || ended || broken) return true;
    if (buffers.ring || !may_have_more) return false;
    std::byte one;
    const long got = system_call(call::recvfrom, static_cast<long>(descriptor), &one, 1L, dont_wait | peek);
    if (got == -hosted::EAGAIN_) may_have_more = false;
    return may_have_more;
}

bool connection::want_more() {
    if (!buffers.ring) return ask(in, readable | peer_ended);
    if (in.asked) return true;
    hosted::request* const r = hosted::poller::ask(hosted::request_code::receive, in);
    if (!r) return false;
    r->descriptor = descriptor;
    r->priority = again_and_again;
    r->flags = hosted::select_buffer;
    in.asked = true;
    return true;
}

result<std::size_t> connection::read(std::span<std::byte> here) {
    if (here.empty()) return std::size_t{0};
    for (;;) {
        if (first) {
            const std::size_t count = std::min<std::size_t>(here.size(), first->size);
            std::memcpy(here.data(), first->data, count);
            first->data += count;
            first->size -= static_cast<std::uint32_t>(count);
            unread -= static_cast<std::uint32_t>(count);
            if (first->size == 0) {
                chunk* const done = first;
                first = done->next;
                if (!first) last = nullptr;
                release(done);
            }
            return count;
        }
        if (broken) return from_errno(broken);
        if (ended) return std::size_t{0};
        if (!buffers.ring && may_have_more) {
            const long got = system_call(call::recvfrom, static_cast<long>(descriptor), here.data(),
                                         static_cast<long>(here.size()), dont_wait);
            if (got > 0) {
                may_have_more = closing || static_cast<std::size_t>(got) == here.size();
                return static_cast<std::size_t>(got);
            }
            if (got == 0) ended = true;
            else if (got == -hosted::EAGAIN_) may_have_more = false;
            else if (got != -hosted::EINTR_) fail(got);
            continue;
        }
        if (!want_more()) return error::io;
        UK_TRY(became_readable.wait());
    }
}

void connection::drain() {
    constexpr long much = 1 << 20;
    if (!buffers.ring && may_have_more && !ended && !broken)
        system_call(call::recvfrom, static_cast<long>(descriptor), 0L, much, dont_wait | truncate);
}

void connection::forget_received() {
    while (first) {
        chunk* const done = first;
        first = done->next;
        release(done);
    }
    last = nullptr;
    unread = 0;
}

} // namespace uk::host_sockets
