// Connections that wait: lists in the order of their deadlines, one fiber that sleeps until the first, and making room.
#include <uk/http/detail/server.hpp>

#include <cstdlib>

#include <uk/http/date.hpp>
#include <uk/platform.hpp>

namespace uk::http::detail {

void connection_list::append(connection& c) {
    c.previous = last_;
    c.next = nullptr;
    (last_ ? last_->next : first_) = &c;
    last_ = &c;
}

void connection_list::remove(connection& c) {
    (c.previous ? c.previous->next : first_) = c.next;
    (c.next ? c.next->previous : last_) = c.previous;
    c.next = c.previous = nullptr;
}

server::~server() {
    for (connection_list& list : lists_)
        while (list.first()) close(*list.first());
}

/// Into its list, unless it is there, and watched. All deadlines of a list are as far ahead, so its end is their order.
void server::park(connection& c, state how, instant until) {
    if (c.state != how) {
        unpark(c);
        c.state = how;
        c.deadline = until;
        list_of(how).append(c);
        if (until < waits_until_) earlier_.signal();
    }
    c.watched = true;
    if (!operations_.flow->watch(operations_.flow_of(c), c.ticket)) {
        c.watched = false;
        close(c);
    }
}

/// Out of its list: somebody is busy with it.
void server::unpark(connection& c) {
    if (c.state != state::busy) list_of(c.state).remove(c);
    c.state = state::busy;
}

void server::close(connection& c) {
    unpark(c);
    operations_.flow->unwatch(operations_.flow_of(c), c.ticket);
    queue_.take_out(c.ticket);
    std::free(c.saved);
    operations_.destroy(c);
    --connections_;
}

void server::admit(connection& c) {
    ++connections_;
    park(c, state::idle, fiber::after(how_.idle));
}

bool server::close_idle() {
    connection* const oldest = list_of(state::idle).first();
    if (oldest) close(*oldest);
    return oldest;
}

bool server::has_room() { return connections_ < how_.connections || close_idle(); }

void server::refuse(stream to) {
    const fiber::deadline limit{std::chrono::milliseconds{100}};
    const bool said =
        to.write("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n") && to.finish();
    if (how_.log) how_.log({to.peer(), {}, {}, 503, 0, said ? "too many connections" : "too many connections, closed"});
}

/// Ends what waited for too long. Sleeps until the first deadline; with no connections there is none.
result<void> server::keep_time() {
    for (;;) {
        instant first = never;
        for (const connection_list& list : lists_)
            if (list.first() && list.first()->deadline < first) first = list.first()->deadline;
        waits_until_ = first;
        const auto woken = earlier_.wait_until(first);
        if (woken) continue;
        if (woken.error() != error::timed_out) return woken.error();
        const instant now = platform::now();
        for (const state s : {state::idle, state::lingering})
            while (connection* const c = list_of(s).first()) {
                if (c->deadline > now) break;
                close(*c);
            }
        while (connection* const c = list_of(state::reading).first()) {
            if (c->deadline > now) break;
            // A worker tells it, since that may block.
            operations_.flow->unwatch(operations_.flow_of(*c), c->ticket);
            unpark(*c);
            c->state = state::late;
            c->deadline = never;
            list_of(state::late).append(*c);
            c->ticket.ready();
        }
    }
}

/// Made once a second at most; empty where nobody knows the time.
std::string_view server::date(instant now) {
    if (now >= date_until_) {
        const auto wall = platform::wall_now();
        date_known_ = wall.has_value();
        date_until_ = now + std::chrono::seconds{1};
        if (wall) {
            const auto within = wall->time_since_epoch() % std::chrono::seconds{1};
            date_until_ -= within;
            write_date(*wall, date_);
        }
    }
    return date_known_ ? std::string_view{date_.data(), date_.size()} : std::string_view{};
}

} // namespace uk::http::detail
