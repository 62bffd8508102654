// TCP, what comes with time: what wasn't acknowledged is sent again (RFC 6298, 5), closed windows are tried (RFC 9293, 3.8.6.1),
// acknowledgements that waited go out; and what routers say about the size of packets.
#include "connection.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

constexpr u8 most_attempts = 15, most_questions = 5, most_answers = 4; // about 12 minutes, 63 and 31 seconds
constexpr u8 attempts_before_small = 4; // somebody throws large ones away and doesn't say so (RFC 2923)
constexpr u16 small_segment = 536;

void timed_out(connection* c, milliseconds t) {
    c->due = no_time;
    const u8 most = c->state == state::asked       ? most_questions
                    : c->state == state::answering ? most_answers
                                                   : most_attempts;
    if (c->state == state::time_wait || (c->finish_heard && !c->owned) || ++c->attempts > most)
        return let_go(c, error::io);
    if (c->backoff < 6) ++c->backoff;
    c->timed_at = 0;
    if (c->state == state::open) {
        if (c->window > 0 && c->most != c->una) { // RFC 5681, 3.1 and 4.3
            if (c->attempts == 1) c->threshold = std::max((c->most - c->una) / 2, 2u * c->segment);
            c->congestion = c->segment;
            c->recovering = false;
            c->duplicates = 0;
            c->recover = c->most;
            if (c->attempts == attempts_before_small) c->segment = std::min(c->segment, small_segment);
        }
        c->next_byte = c->una;
        push(c, true);
    } else {
        emit(c, c->una, 0, c->state == state::asked ? syn : syn | ack);
    }
    if (c->due == no_time) arm(c, t + std::min<u32>(c->timeout << c->backoff, 60'000));
}

} // namespace

milliseconds run_tcp(milliseconds t) {
    milliseconds next = no_time;
    for (connection* c = active.first; c;) {
        connection* const following = c->next;
        if (c->ack_due <= t && !acknowledge(c)) c->ack_due = t + 10;
        next = std::min(next, c->ack_due);
        if (c->due <= t) timed_out(c, t); // may be its end
        else next = std::min(next, c->due);
        c = following;
    }
    while (waiting.first && waiting.first->due <= t) let_go(waiting.first, error::closed);
    return waiting.first ? std::min(next, waiting.first->due) : next;
}

void tcp_too_big(const address& from, const address& to, const u8* head, std::size_t mtu) {
    connection* const c = find(from, to, get16(head), get16(head + 2));
    if (!c || c->state != state::open) return;
    // Only of something that is on its way (RFC 5927, 4.1).
    if (get32(head + 4) - c->una >= c->most - c->una) return;
    const std::size_t headers = (is_v4(to) ? v4_size : v6_size) + 20, least = is_v4(to) ? 576 : 1280;
    const auto segment = static_cast<u16>(std::max(mtu, least) - headers);
    if (segment >= c->segment) return;
    c->segment = segment;
    c->next_byte = c->una;
    push(c);
}

} // namespace uk::inet
