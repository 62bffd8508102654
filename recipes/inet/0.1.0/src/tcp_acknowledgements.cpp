// TCP, what acknowledgements say: what has arrived, how long that took (RFC 6298), what was lost and how much may be on its way
// (RFC 5681, 6582), how much the other end has room for.
#include "connection.hpp"

#include <algorithm>

namespace uk::inet {

void challenge(connection* c) {
    const milliseconds t = now();
    if (t - c->challenged < 5) return;
    c->challenged = t;
    acknowledge(c);
}

void measure(connection* c) {
    const u32 r = static_cast<u32>(now() - c->timed_at);
    c->timed_at = 0;
    if (c->smooth == 0) {
        c->smooth = r * 8 + 1;
        c->variation = r * 2;
    } else {
        const int error = static_cast<int>(r) - static_cast<int>(c->smooth >> 3);
        c->variation += static_cast<u32>(std::abs(error)) - (c->variation >> 2);
        c->smooth += static_cast<u32>(error);
    }
    c->timeout = std::clamp<u32>((c->smooth >> 3) + c->variation, 1000, 60'000);
}

namespace {

/// Sends the first segment once more.
void repeat_first(connection* c) {
    const u32 count = std::min(c->sending.size(), u32{c->segment});
    const bool finish = c->finish_sent && count == c->sending.size();
    emit(c, c->una, count, static_cast<u8>(ack | (finish ? fin : 0)));
    c->timed_at = 0;
}

/// Takes what an acknowledgement says is there.
void advance(connection* c, u32 to) {
    const u32 count = to - c->una, bytes = std::min(count, c->sending.size());
    c->finish_heard = count > bytes;
    c->sending.take(bytes, nullptr);
    if (c->sending.size() == 0) c->sending.free();
    c->una = to;
    if (after(to, c->next_byte)) c->next_byte = to;
    if (c->timed_at && !after(c->timed, to)) measure(c);
    c->attempts = c->backoff = 0;
    if (c->recovering && after(c->recover, to)) { // RFC 6582, 3.2: a part; the next segment is lost too
        repeat_first(c);
        c->congestion = c->congestion - std::min(bytes, c->congestion) + c->segment;
    } else if (c->recovering) {
        c->recovering = false;
        c->congestion = c->threshold;
    } else if (c->congestion < c->threshold) {
        c->congestion += std::min(bytes, u32{c->segment}); // RFC 5681, 3.1
    } else if (c->congestion < 0x100000) {
        c->congestion += std::max(u32{c->segment} * c->segment / c->congestion, 1u);
    }
    if (after(to, c->recover)) c->recover = to;
    c->duplicates = 0;
    c->due = no_time;
    if (c->most != c->una) arm(c, now() + c->timeout);
    if (c->sending.size() <= send_buffer / 2) c->writable.signal();
    confirm(c->remote);
}

} // namespace

bool take_acknowledgement(connection* c, const segment& s) {
    if (after(s.acknowledged, c->most) || after(c->una - c->most_window, s.acknowledged)) { // RFC 5961, 5.2
        challenge(c);
        return false;
    }
    if (after(s.acknowledged, c->una)) {
        advance(c, s.acknowledged);
    } else if (s.acknowledged == c->una && s.size == 0 && !(s.flags & fin) && s.window == c->window &&
               c->most != c->una) {
        // RFC 5681, 3.2
        if (c->window == 0) {
            if (c->owned) c->attempts = 0; // it lives, and has no room
        } else if (++c->duplicates == 3 && !c->recovering && after(s.acknowledged, c->recover - 1)) {
            c->threshold = std::max((c->most - c->una) / 2, 2u * c->segment);
            c->recover = c->most;
            c->recovering = true;
            repeat_first(c);
            c->congestion = c->threshold + 3u * c->segment;
        } else if (c->recovering) {
            c->congestion += c->segment;
        }
    }
    if (after(s.sequence, c->window_seq) || (s.sequence == c->window_seq && !after(c->window_ack, s.acknowledged))) {
        if (c->window == 0 && s.window) { // what was sent to try wasn't taken
            c->next_byte = c->una;
            c->backoff = 0;
            c->due = no_time;
        }
        c->window = s.window;
        c->most_window = std::max(c->most_window, s.window);
        c->window_seq = s.sequence;
        c->window_ack = s.acknowledged;
    }
    return true;
}

} // namespace uk::inet
