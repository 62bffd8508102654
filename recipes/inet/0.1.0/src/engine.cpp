// Frames in and out, packets of the stack to itself, and the time at which something is due.
#include "inside.hpp"

#include <algorithm>

#include <uk/platform.hpp>

namespace uk::inet {

const card* the_card = nullptr;
hardware own_hardware;

namespace {

bool refused = false; // the card had no room
fiber::event work;
milliseconds due = no_time; // of the earliest timer

/// A frame of the stack to itself; its bytes lie behind.
struct inside_frame {
    inside_frame* next;
    std::size_t size;
    u8* bytes() { return reinterpret_cast<u8*>(this + 1); }
};
inside_frame* first_inside = nullptr;
inside_frame* last_inside = nullptr;
unsigned inside_count = 0;
constexpr unsigned most_inside = 256;

} // namespace

milliseconds now() { return static_cast<milliseconds>(platform::now().time_since_epoch().count()) / 1'000'000; }

void signal_work() { work.signal(); }
result<void> wait_for_work(instant until) { return work.wait_until(until); }
bool is_refused() { return refused; }
void forget_refused() { refused = false; }

void wake_at(milliseconds when) {
    if (when >= due) return;
    due = when;
    signal_work();
}

result<void> open(const card& what, const parameters& how) {
    the_card = &what;
    UK_TRY(seed());
    std::copy_n(what.address.bytes.begin(), sizeof own_hardware.bytes, own_hardware.bytes);
    if (how.name_server) set_server(false, servers_of_a_kind, v4(*how.name_server));
    if (how.address) {
        const unsigned prefix = how.address->prefix;
        if (prefix > 32) return error::invalid;
        set_v4({.own = v4(how.address->address),
                .mask = prefix ? ~u32{0} << (32 - prefix) : 0,
                .gateway = v4(how.gateway ? *how.gateway : 0)});
    } else {
        start_dhcp();
    }
    start_v6();
    return {};
}

result<void> send_frame(net::frame_pieces pieces, net::unfinished_checksum checksum) {
    const auto sent = the_card->send(the_card->self, pieces, checksum);
    if (!sent && sent.error() == error::busy) {
        refused = true;
        signal_work();
    }
    return sent;
}

result<void> send_inside(net::frame_pieces pieces) {
    std::size_t size = 0;
    for (const auto& piece : pieces) size += piece.size();
    void* const place = inside_count < most_inside ? std::malloc(sizeof(inside_frame) + size) : nullptr;
    if (!place) return error::out_of_memory;
    auto* const made = ::new (place) inside_frame{nullptr, size};
    u8* at = made->bytes();
    for (const auto& piece : pieces) {
        call_memcpy(at, piece.data(), piece.size());
        at += piece.size();
    }
    (first_inside ? last_inside->next : first_inside) = made;
    last_inside = made;
    ++inside_count;
    signal_work();
    return {};
}

namespace {

void receive(u8* frame, std::size_t size, bool verified, bool internal) {
    if (size < ethernet_size) return;
    if (!(frame[0] & 1) && std::memcmp(frame, own_hardware.bytes, 6) != 0) return; // somebody else's
    u8* const packet = frame + ethernet_size;
    size -= ethernet_size;
    switch (get16(frame + 12)) {
    case type_v4: return receive_v4(packet, size, verified, internal);
    case type_v6: return receive_v6(packet, size, verified, internal);
    case type_arp: return receive_arp(packet, size);
    default: return;
    }
}

} // namespace

void receive(std::span<std::byte> frame, bool verified) {
    receive(reinterpret_cast<u8*>(frame.data()), frame.size(), verified, false);
}

instant serve() {
    flush();
    while (inside_frame* const one = first_inside) {
        first_inside = one->next;
        --inside_count;
        receive(one->bytes(), one->size, true, true);
        std::free(one);
        if (!first_inside) flush();
    }
    const milliseconds t = now();
    if (t >= due) {
        due = no_time;
        const milliseconds next =
            std::min({run_tcp(t), run_neighbours(t), run_fragments(t), run_dhcp(t), run_discovery(t)});
        due = std::min(due, next);
        flush();
    }
    constexpr milliseconds latest = static_cast<u64>(never.time_since_epoch().count()) / 1'000'000;
    return due >= latest ? never : instant{duration{static_cast<std::int64_t>(due) * 1'000'000}};
}

} // namespace uk::inet
