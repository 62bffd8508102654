#include <uk/simulated_network/card.hpp>

#include <algorithm>
#include <cstring>

#include <uk/platform.hpp>

namespace uk::simulated_network {
namespace {

constexpr std::size_t header = 14;
constexpr unsigned type_ipv4 = 0x0800, type_ipv6 = 0x86dd;

/// Only what a sum protects is damaged: on a real wire the frame check sequence catches the rest.
bool is_protected(const std::byte* frame, std::size_t size) {
    if (size < header) return false;
    const unsigned type = static_cast<unsigned>(frame[12]) << 8 | static_cast<unsigned>(frame[13]);
    return type == type_ipv4 || type == type_ipv6;
}

void tell(std::string_view what) {
    if (simulated::traced()) simulated::trace(what);
}

} // namespace

card::card() {
    for (slot& s : slots_) {
        s.next = free_;
        free_ = &s;
    }
}

result<void> card::open(const parameters& said) {
    chance_ = simulated::chance::of("network");
    weather_ = draw(chance_, said);
    if (weather_.partition_every > duration::zero()) next_change_ = platform::now() + weather_.partition_every;
    return {};
}

card::slot* card::take() {
    slot* const s = free_;
    if (s) free_ = s->next;
    return s;
}

void card::give_back(slot& s) {
    s.next = free_;
    free_ = &s;
    room_.signal();
}

/// Whether the network is in two parts now. Each stretch lasts between half and one and a half times what the weather says.
bool card::parted(instant now) {
    if (weather_.partition_every <= duration::zero() || weather_.partition_for <= duration::zero()) return false;
    while (now >= next_change_) {
        parted_ = !parted_;
        const duration usual = parted_ ? weather_.partition_for : weather_.partition_every;
        next_change_ += chance_.between(usual / 2, usual + usual / 2);
        tell(parted_ ? "network: parted" : "network: whole again");
    }
    return parted_;
}

void card::enqueue(slot& s) {
    slot** at = &first_;
    while (*at && (*at)->arrives <= s.arrives) at = &(*at)->next;
    s.next = *at;
    *at = &s;
    if (at == &first_) changed_.signal();
}

/// From the sender's end to the receiver's, or to nowhere.
void card::put_on_wire(slot& s) {
    const instant now = platform::now();
    if (parted(now) || chance_.one_of_a_million(weather_.loss)) {
        tell("network: a frame is lost");
        return give_back(s);
    }
    if (chance_.one_of_a_million(weather_.corruption) && is_protected(s.bytes.data(), s.size)) {
        const std::uint64_t bit = chance_.below((s.size - header) * 8);
        s.bytes[header + bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
        tell("network: a frame is damaged");
    }
    wire_free_ = std::max(wire_free_, now);
    if (weather_.bandwidth) wire_free_ += duration{s.size * 1'000'000'000 / weather_.bandwidth};
    s.arrives = wire_free_ + weather_.delay + chance_.between(duration::zero(), weather_.jitter);
    if (chance_.one_of_a_million(weather_.reordering)) {
        s.arrives += chance_.between(duration::zero(), weather_.delay + weather_.jitter);
    } else {
        s.arrives = std::max(s.arrives, last_arrival_);
        last_arrival_ = s.arrives;
    }
    enqueue(s);
}

result<void> card::send(net::frame_pieces pieces, net::unfinished_checksum checksum) {
    if (checksum.start != 0) return error::unsupported;
    std::size_t size = 0;
    for (const auto& piece : pieces) size += piece.size();
    if (size > longest_frame) return error::too_large;
    slot* const s = take();
    if (!s) return error::busy;
    s->size = 0;
    for (const auto& piece : pieces) {
        if (piece.empty()) continue;
        std::memcpy(s->bytes.data() + s->size, piece.data(), piece.size());
        s->size += piece.size();
    }
    s->size = reflect(s->bytes, s->size);
    if (s->size == 0) {
        give_back(*s);
        return {};
    }
    if (chance_.one_of_a_million(weather_.duplication)) {
        if (slot* const twin = take()) {
            twin->size = s->size;
            std::memcpy(twin->bytes.data(), s->bytes.data(), s->size);
            tell("network: a frame is there twice");
            put_on_wire(*twin);
        }
    }
    tell("network: a frame is sent");
    put_on_wire(*s);
    return {};
}

result<void> card::sendable() {
    while (!free_) {
        const instant until = first_ ? first_->arrives : never;
        if (platform::now() < until) {
            const auto waited = room_.wait_until(until);
            if (!waited && !(waited.error() == error::timed_out && until != never && platform::now() >= until))
                return waited.error();
            continue;
        }
        UK_TRY(fiber::yield());
        if (free_ || !first_ || platform::now() < first_->arrives) continue;
        // It is there, and nobody takes it: lost, as in a card that has no more buffers.
        slot* const s = first_;
        first_ = s->next;
        tell("network: a frame is lost");
        give_back(*s);
    }
    return {};
}

result<card::frame> card::receive() {
    for (;;) {
        if (slot* const s = first_; s && s->arrives <= platform::now()) {
            first_ = s->next;
            tell("network: a frame arrives");
            return frame{*this, *s};
        }
        const instant until = first_ ? first_->arrives : never;
        const auto waited = changed_.wait_until(until);
        // The time of the first frame, or a deadline in force?
        if (!waited && !(waited.error() == error::timed_out && until != never && platform::now() >= until))
            return waited.error();
    }
}

} // namespace uk::simulated_network
