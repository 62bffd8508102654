// A network card's rings before a hostile device, which writes whatever it likes wherever it may, between any two steps of the
// driver: no frame lies outside of the card's memory, none is lent twice, and no buffer is forgotten while the queues are whole.
#include <cstdlib>
#include <cstring>
#include <vector>

#include <uk/virtio_net/rings.hpp>

namespace {

using namespace uk::virtio_net;

constexpr std::uint16_t buffers = 8;

/// The bytes that decide; zeros behind their end.
class choices {
  public:
    choices(const std::uint8_t* data, std::size_t size) : data_{data}, left_{size} {}
    bool none() const { return left_ == 0; }
    std::uint8_t byte() { return left_ > 0 ? --left_, *data_++ : std::uint8_t{0}; }
    std::uint16_t word() {
        const unsigned low = byte();
        return static_cast<std::uint16_t>(byte() << 8 | low);
    }

  private:
    const std::uint8_t* data_;
    std::size_t left_;
};

void demand(bool holds) {
    if (!holds) std::abort();
}

std::uint16_t* used(const buffer_queue& queue) {
    return static_cast<std::uint16_t*>(const_cast<void*>(queue.place().used));
}

/// An entry of the used ring, as an honest device would write it or not, and the index behind it or any other.
void use(const buffer_queue& queue, choices& next, bool honest) {
    std::uint16_t* const ring = used(queue);
    const auto* const available = static_cast<const std::uint16_t*>(queue.place().available);
    std::uint32_t entry[2] = {available[2 + ring[1] % buffers], next.word()};
    if (honest) entry[1] %= 2049;
    else entry[0] = next.byte() % 2 ? next.byte() % 16u : next.word() * 0x10001u;
    std::memcpy(ring + 2 + 4 * (ring[1] % buffers), entry, sizeof entry);
    ring[1] = static_cast<std::uint16_t>(ring[1] + (honest ? 1 : next.byte() % 20 - 4));
}

void check(const received_frame& frame, const std::vector<received_frame>& held, rings& card) {
    if (frame.copied) {
        demand(frame.data && frame.size <= buffers * std::size_t{2048});
    } else {
        const auto whole = card.receive.buffer(frame.buffer);
        demand(frame.buffer < buffers && frame.data >= whole.data() &&
               frame.data + frame.size <= whole.data() + whole.size());
        for (const received_frame& other : held) demand(other.copied || other.buffer != frame.buffer);
        demand(!card.receive.is_given(frame.buffer));
    }
    unsigned sum = 0; // under a sanitizer, this finds what isn't there
    for (std::uint32_t i = 0; i < frame.size; ++i) sum += static_cast<unsigned>(frame.data[i]);
    asm volatile("" : : "r"(sum));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    choices next{data, size};
    std::uint64_t features = finishes_checksums | vouches_for_checksums;
    const unsigned kind = next.byte();
    if (kind & 1) features |= version_1;
    if (kind & 2) features |= mergeable;
    if (kind & 4) features |= event_index;
    rings card;
    if (!card.start(buffers, buffers, features, 1500)) return 0;
    std::vector<received_frame> held;
    while (!next.none()) {
        const unsigned what = next.byte();
        const buffer_queue& queue = what & 0x80 ? card.receive : card.transmit;
        received_frame frame;
        switch (what % 8) {
        case 0: use(queue, next, true); break;
        case 1: use(queue, next, false); break;
        case 2: used(queue)[next.word() % (2 + 4 * buffers + 1)] = next.word(); break;
        case 3: { // into a frame's header, or anywhere else in a buffer
            const auto where = queue.buffer(next.byte() % buffers);
            where[what & 0x40 ? next.word() % where.size() : next.byte() % 12] = std::byte{next.byte()};
            break;
        }
        case 4:
            if (!card.next(frame)) break;
            check(frame, held, card);
            held.push_back(frame);
            break;
        case 5:
            if (held.empty()) break;
            card.give_back(held.back());
            held.pop_back();
            break;
        case 6: {
            const std::byte bytes[100] = {};
            const std::span<const std::byte> pieces[] = {std::span{bytes}.first(next.byte() % 101)};
            (void)card.send(pieces, {}).has_value();
            break;
        }
        default:
            (void)card.receive.must_notify();
            (void)card.transmit.must_notify();
            (void)card.receive.wait_for_used();
        }
        demand(card.receive.given() <= buffers && card.transmit.given() <= buffers);
        std::size_t lent = 0;
        for (const received_frame& one : held) lent += !one.copied;
        if (!card.receive.broken()) demand(card.receive.given() + lent == buffers);
    }
    for (const received_frame& one : held) card.give_back(one);
    card.stop();
    return 0;
}
