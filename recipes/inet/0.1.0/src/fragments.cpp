// Packets that came in pieces (RFC 791, 3.2; RFC 8200, 4.5): few at a time, and none whose pieces overlap (RFC 5722).
#include "inside.hpp"

#include <algorithm>

namespace uk::inet {
namespace {

constexpr unsigned most_wholes = 8, most_pieces = 32;
constexpr milliseconds patience = 15'000;

/// A fragment; its bytes lie behind.
struct piece {
    piece* next;
    std::size_t begin, size;
    u8* bytes() { return reinterpret_cast<u8*>(this + 1); }
};

/// What there is of a packet.
struct whole {
    address from, to;
    u32 identifier = 0;
    u8 protocol = 0;
    bool spoilt = false;
    std::size_t end = 0; // 0: the last fragment isn't there
    std::size_t have = 0;
    piece* first = nullptr; // in order
    milliseconds due = 0; // 0: the place is free
};

whole wholes[most_wholes];
unsigned piece_count = 0;

void drop_pieces(whole& w) {
    while (piece* const p = w.first) {
        w.first = p->next;
        std::free(p);
        --piece_count;
    }
}

whole& find(const incoming& p, u32 identifier) {
    whole* oldest = wholes; // or a free one
    for (whole& w : wholes) {
        if (w.due && w.identifier == identifier && w.from == p.from && w.to == p.to && w.protocol == p.protocol)
            return w;
        if (w.due < oldest->due) oldest = &w;
    }
    drop_pieces(*oldest);
    *oldest = {.from = p.from, .to = p.to, .identifier = identifier, .protocol = p.protocol, .due = now() + patience};
    wake_at(oldest->due);
    return *oldest;
}

/// The oldest of the others makes place.
void forget_oldest(const whole& but) {
    whole* oldest = nullptr;
    for (whole& w : wholes)
        if (&w != &but && w.first && (!oldest || w.due < oldest->due)) oldest = &w;
    if (!oldest) return;
    drop_pieces(*oldest);
    *oldest = {};
}

/// Puts a fragment between the others; false if that can't be.
bool insert(whole& w, const incoming& p, std::size_t begin, bool more) {
    const std::size_t end = begin + p.size;
    if (p.size == 0 || end > 65535 || (more && p.size % 8)) return false;
    if (w.end && end > w.end) return false;
    piece** at = &w.first;
    std::size_t before = 0;
    for (; *at && (*at)->begin < begin; at = &(*at)->next) before = (*at)->begin + (*at)->size;
    if (*at && (*at)->begin == begin && (*at)->size == p.size) return true; // the same once more
    if (before > begin || (*at && (*at)->begin < end)) return false;
    if (!more) {
        if (w.end || *at) return false;
        w.end = end;
    }
    if (piece_count >= most_pieces) forget_oldest(w);
    void* const place = piece_count < most_pieces ? std::malloc(sizeof(piece) + p.size) : nullptr;
    if (!place) return false;
    *at = ::new (place) piece{*at, begin, p.size};
    ++piece_count;
    call_memcpy((*at)->bytes(), p.data, p.size);
    w.have += p.size;
    return true;
}

} // namespace

void receive_fragment(incoming& p, u32 identifier, std::size_t offset, bool more) {
    if (p.to_many) return;
    whole& w = find(p, identifier);
    if (w.spoilt) return; // and stays so for a while: no piece of it counts
    if (!insert(w, p, offset, more)) {
        drop_pieces(w);
        w.spoilt = true;
        return;
    }
    if (!w.end || w.have != w.end) return;
    const std::size_t header = is_v4(p.from) ? v4_size : v6_size;
    auto* const bytes = static_cast<u8*>(std::malloc(header + w.end));
    if (bytes) {
        call_memcpy(bytes, p.packet, header);
        for (piece* one = w.first; one; one = one->next)
            call_memcpy(bytes + header + one->begin, one->bytes(), one->size);
    }
    incoming all = p;
    all.packet = bytes;
    all.packet_size = header + w.end;
    all.data = bytes + header;
    all.size = w.end;
    all.verified = p.internal;
    drop_pieces(w);
    w = {};
    if (bytes) deliver(all);
    std::free(bytes);
}

milliseconds run_fragments(milliseconds t) {
    milliseconds next = no_time;
    for (whole& w : wholes) {
        if (w.due == 0) continue;
        if (w.due <= t) {
            drop_pieces(w);
            w = {};
        } else {
            next = std::min(next, w.due);
        }
    }
    return next;
}

} // namespace uk::inet
