#include "connection.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

#include "host.hpp"

UK_HOSTED_CALLS(uk::hosted::call::sendto, uk::hosted::call::connect, uk::hosted::call::shutdown);
UK_HOSTED_REQUESTS(uk::hosted::request_code::send);

namespace uk::host_sockets {
namespace {

/// Connections with gathered bytes, in the order in which they came; and those whose bytes the ring has.
struct list {
    connection *first = nullptr, *last = nullptr;
    void put(connection& c) {
        c.next_gathered = nullptr;
        (last ? last->next_gathered : first) = &c;
        last = &c;
    }
};
constinit list gathering{}, going{};

constinit outgoing* spare = nullptr;
constinit unsigned spare_count = 0;
constexpr unsigned most_spare = 64;

outgoing* take_buffer() {
    outgoing* o = spare;
    if (o) {
        spare = o->next_spare;
        --spare_count;
    } else {
        o = static_cast<outgoing*>(std::malloc(sizeof(outgoing)));
        if (!o) return nullptr;
    }
    o->size = o->sent = 0;
    return o;
}

void give_buffer(outgoing* o) {
    if (spare_count >= most_spare) return std::free(o);
    o->next_spare = spare;
    spare = o;
    ++spare_count;
}

constexpr long how_to_send = no_signal | dont_wait;

/// Only of a request that didn't send everything at once: so many bytes went, or none.
void sent_less(hosted::operation& self, std::int32_t answer, std::uint32_t) {
    auto& c = static_cast<connection&>(*static_cast<socket::question&>(self).owner);
    if (answer > 0) c.written->sent += static_cast<std::uint32_t>(answer);
    else if (answer != -hosted::EAGAIN_ && answer != -hosted::EINTR_) c.fail(answer);
    c.out.asked = true; // until `after` asks when there is room
}

void room_now(hosted::operation& self, std::int32_t, std::uint32_t) {
    auto& q = static_cast<socket::question&>(self);
    auto& c = static_cast<connection&>(*q.owner);
    q.asked = false;
    c.became_writable.signal();
    if (c.retired) return c.answer_came();
    if (c.written && !c.writing) c.gather();
}

/// The ring's way: one request for each connection, which the host carries out while it takes it.
void hand_over(connection& c) {
    hosted::request* const r = hosted::poller::ask(hosted::request_code::send, c.out);
    if (!r) return c.gather();
    c.out.answered = sent_less;
    r->descriptor = c.descriptor;
    r->address = reinterpret_cast<std::uint64_t>(c.written->bytes + c.written->sent);
    r->length = c.written->size - c.written->sent;
    r->how = static_cast<std::uint32_t>(how_to_send | wait_all);
    r->flags = hosted::quiet_success;
    c.on_its_way = true;
    going.put(c);
}

void before() {
    if (going.first) return; // the host hasn't taken all of the last ones yet
    connection* next = gathering.first;
    gathering = {};
    const bool with_ring = hosted::poller::which() == hosted::poller::kind::ring;
    while (next) {
        connection& c = *next;
        next = c.next_gathered;
        c.gathered = false;
        if (c.dropped && (!c.written || c.broken)) {
            c.all_sent();
            continue;
        }
        if (!c.written || c.writing || c.out.asked) continue;
        if (with_ring) {
            hand_over(c);
        } else if (c.send_gathered()) {
            c.all_sent();
        }
    }
}

void after() {
    if (!going.first || !hosted::poller::all_taken()) return;
    connection* next = going.first;
    going = {};
    while (next) {
        connection& c = *next;
        next = c.next_gathered;
        c.on_its_way = false;
        const bool less = c.out.asked;
        c.out.asked = false;
        c.out.answered = room_now;
        if (!less || c.broken || c.written->sent == c.written->size) {
            c.all_sent();
        } else if (!c.ask(c.out, writable)) {
            c.gather();
        }
    }
}

constinit hosted::poller::at_looks looks{before, after};

} // namespace

void start_sending() { hosted::poller::add(looks); }

void connection::gather() {
    if (gathered || on_its_way) return;
    gathered = true;
    gathering.put(*this);
}

void connection::fail(long answer) {
    if (!broken) broken = answer;
    if (!dropped && !retired) tell_reader();
    became_writable.signal();
}

bool connection::send_gathered() {
    while (written && written->sent < written->size && !broken) {
        const long got = system_call(call::sendto, static_cast<long>(descriptor), written->bytes + written->sent,
                                     static_cast<long>(written->size - written->sent), how_to_send);
        if (got > 0) written->sent += static_cast<std::uint32_t>(got);
        else if (got == -hosted::EAGAIN_) return false;
        else if (got != -hosted::EINTR_) fail(got);
    }
    return true;
}

void connection::all_sent() {
    if (written) give_buffer(written);
    written = nullptr;
    if (finishing && !finished) {
        finished = true;
        system_call(call::shutdown, static_cast<long>(descriptor), shut_write);
    }
    if (dropped && !retired) end();
}

result<void> connection::send_now(std::span<const std::byte> bytes) {
    writing = true;
    struct last_words {
        connection& c;
        ~last_words() {
            c.writing = false;
            if (c.written && !c.out.asked) c.gather();
        }
    } guard{*this};
    while (on_its_way) UK_TRY(fiber::yield());
    while (!broken && !send_gathered()) UK_TRY(wait_writable());
    if (written && !broken) {
        give_buffer(written);
        written = nullptr;
    }
    while (!broken && !bytes.empty()) {
        const long got = system_call(call::sendto, static_cast<long>(descriptor), bytes.data(),
                                     static_cast<long>(bytes.size()), how_to_send);
        if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
        else if (got == -hosted::EAGAIN_) UK_TRY(wait_writable());
        else if (got != -hosted::EINTR_) fail(got);
    }
    if (broken) return from_errno(broken);
    return {};
}

result<void> connection::write(std::span<const std::byte> bytes) {
    if (broken) return from_errno(broken);
    if (finishing) return error::closed;
    if (bytes.empty()) return {};
    const std::size_t held = written ? written->size : 0;
    if (held + bytes.size() > outgoing::room || out.asked || on_its_way) return send_now(bytes);
    if (!written) written = take_buffer();
    if (!written) return send_now(bytes);
    std::memcpy(written->bytes + written->size, bytes.data(), bytes.size());
    written->size += static_cast<std::uint32_t>(bytes.size());
    gather();
    return {};
}

void connection::reset() {
    if (!broken) broken = -ECONNRESET_;
    const address nowhere; // family 0: ends the connection with a reset (connect(2))
    system_call(call::connect, static_cast<long>(descriptor), &nowhere, static_cast<long>(sizeof nowhere));
    forget_received();
    if (!dropped) tell_reader();
    became_writable.signal();
}

void connection::drop() {
    dropped = true;
    ticket = nullptr;
    forget_received();
    if (on_its_way) return; // `after` goes on
    if (!written || (!out.asked && send_gathered())) return all_sent();
    if (!broken && ask(out, writable)) return; // room_now goes on
    all_sent();
}

void connection::end() {
    if (gathered || on_its_way) return; // `before` and `after` go on
    drain();
    retire();
}

connection* connection::make(int number, const net::endpoint& other) {
    auto* const c = new (std::nothrow) connection{number, other};
    if (c) {
        c->out.answered = room_now;
        if (c->start()) return c;
        c->free_it(*c);
    }
    close_descriptor(number);
    return nullptr;
}

} // namespace uk::host_sockets
