// The rings of a network card over a device in memory: one that keeps to virtio 1.2, and ones that lie.
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <uk/virtio_net/rings.hpp>

namespace uk::virtio_net {
namespace {

constexpr std::uint64_t modern = version_1 | mergeable | event_index | finishes_checksums | vouches_for_checksums;

/// The device's side of a queue, written from the standard's structures (2.7.5 to 2.7.8) and not from the driver.
struct device_side {
    struct descriptor {
        std::uint64_t address;
        std::uint32_t length;
        std::uint16_t flags, next;
    };
    struct used_entry {
        std::uint32_t id, length;
    };

    explicit device_side(const virtio::queue_place& p)
        : size{p.size}, descriptors{static_cast<const descriptor*>(p.descriptors)},
          available{static_cast<const std::uint16_t*>(p.available)},
          used{static_cast<std::uint16_t*>(const_cast<void*>(p.used))} {}

    std::uint16_t size;
    const descriptor* descriptors;
    const std::uint16_t* available;
    std::uint16_t* used;
    std::uint16_t seen = 0;

    bool has() const { return seen != available[1]; }
    std::uint16_t take() { return available[2 + seen++ % size]; }
    std::byte* memory(std::uint16_t id) const { return reinterpret_cast<std::byte*>(descriptors[id].address); }
    used_entry* entries() { return reinterpret_cast<used_entry*>(used + 2); }
    void finish(std::uint32_t id, std::uint32_t length) {
        entries()[used[1] % size] = {id, length};
        ++used[1];
    }
    std::uint16_t used_event() const { return available[2 + size]; }
    std::uint16_t& available_event() { return used[2 + 4 * size]; }
};

struct a_card {
    explicit a_card(std::uint64_t features = modern, std::uint16_t buffers = 8)
        : header{features & (version_1 | mergeable) ? 12u : 10u},
          started{rings.start(buffers, buffers, features, 1500)}, receive{rings.receive.place()},
          transmit{rings.transmit.place()} {}
    ~a_card() { rings.stop(); }

    /// What the device does with a frame that came: in as many buffers as it takes, all used at once.
    void deliver(const std::string& frame, std::uint8_t flags = 0) {
        device_side& d = receive;
        const std::string whole = std::string(header, '\0') + frame;
        const auto parts = static_cast<std::uint16_t>((whole.size() + buffer_size - 1) / buffer_size);
        for (std::uint16_t i = 0; i < parts; ++i) {
            const std::uint16_t id = d.take();
            const std::string part = whole.substr(i * buffer_size, buffer_size);
            std::memcpy(d.memory(id), part.data(), part.size());
            if (i == 0) d.memory(id)[0] = std::byte{flags};
            if (i == 0 && header == 12) std::memcpy(d.memory(id) + 10, &parts, 2);
            d.entries()[(d.used[1] + i) % d.size] = {id, static_cast<std::uint32_t>(part.size())};
        }
        d.used[1] = static_cast<std::uint16_t>(d.used[1] + parts);
    }

    std::string next() {
        received_frame f;
        if (!rings.next(f)) return {};
        std::string text{reinterpret_cast<const char*>(f.data), f.size};
        rings.give_back(f);
        return text;
    }

    result<void> send(const std::string& frame, net::unfinished_checksum sum = {}) {
        const auto bytes = std::as_bytes(std::span{frame});
        const std::span<const std::byte> pieces[] = {
            bytes.first(bytes.size() / 3), {}, bytes.subspan(bytes.size() / 3)};
        return rings.send(pieces, sum);
    }

    std::size_t header;
    class rings rings;
    result<void> started;
    device_side receive, transmit;
};

std::string text_of(std::size_t size, char seed) {
    std::string made(size, ' ');
    for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<char>(seed + i * 7);
    return made;
}

TEST(virtio_net, frames_arrive_as_they_were_for_ever) {
    for (const std::uint64_t features : {modern, std::uint64_t{any_layout}, any_layout | mergeable, version_1}) {
        a_card card{features};
        EXPECT_EQ(card.next(), "");
        for (int round = 0; round < 70000; ++round) { // past the end of 16-bit indices
            const std::string frame = text_of(14 + round % 1501, static_cast<char>(round));
            card.deliver(frame);
            ASSERT_EQ(card.next(), frame) << round;
        }
        EXPECT_EQ(card.rings.receive.given(), 8) << "every buffer is the device's again";
    }
}

TEST(virtio_net, a_frame_in_several_buffers_is_joined) {
    a_card card;
    for (const std::size_t size : {2036u, 2037u, 5000u, 9014u}) {
        const std::string frame = text_of(size, 'j');
        card.deliver(frame);
        EXPECT_EQ(card.next(), frame) << size;
        EXPECT_EQ(card.rings.receive.given(), 8);
    }
}

TEST(virtio_net, frames_are_sent_as_they_are) {
    for (const std::uint64_t features : {modern, std::uint64_t{any_layout}}) {
        a_card card{features};
        for (int round = 0; round < 70000; ++round) {
            const std::string frame = text_of(14 + round % 1501, static_cast<char>(round));
            ASSERT_TRUE(card.send(frame)) << round;
            ASSERT_TRUE(card.transmit.has());
            const std::uint16_t id = card.transmit.take();
            ASSERT_EQ(card.transmit.descriptors[id].length, card.header + frame.size());
            ASSERT_EQ(std::memcmp(card.transmit.memory(id) + card.header, frame.data(), frame.size()), 0);
            card.transmit.finish(id, 0);
        }
    }
}

TEST(virtio_net, a_full_queue_is_busy_until_something_is_sent) {
    a_card card;
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(card.send(text_of(60, 'a')));
    EXPECT_EQ(card.send(text_of(60, 'a')).error(), error::busy);
    EXPECT_FALSE(card.rings.can_send());
    card.transmit.finish(card.transmit.take(), 0);
    EXPECT_TRUE(card.send(text_of(60, 'a')));
    EXPECT_EQ(card.send(text_of(60, 'a')).error(), error::busy);
}

TEST(virtio_net, what_is_too_large_or_wrong_is_not_sent) {
    a_card card;
    EXPECT_TRUE(card.send(text_of(1518, 'a')));
    EXPECT_EQ(card.send(text_of(1519, 'a')).error(), error::too_large);
    EXPECT_TRUE(card.send(text_of(60, 'a'), {34, 16}));
    const std::byte* const sent = (card.transmit.take(), card.transmit.memory(card.transmit.take()));
    EXPECT_EQ(sent[0], std::byte{1}); // VIRTIO_NET_HDR_F_NEEDS_CSUM
    EXPECT_EQ(sent[6], std::byte{34});
    EXPECT_EQ(sent[8], std::byte{16});
    EXPECT_EQ(card.send(text_of(60, 'a'), {34, 25}).error(), error::invalid);
    EXPECT_EQ(card.send(text_of(60, 'a'), {65535, 65535}).error(), error::invalid);
    a_card plain{version_1};
    EXPECT_EQ(plain.send(text_of(60, 'a'), {34, 16}).error(), error::invalid);
}

TEST(virtio_net, a_checksum_is_vouched_for_only_where_that_was_agreed) {
    for (const bool agreed : {true, false}) {
        a_card card{agreed ? modern : modern & ~vouches_for_checksums};
        for (const std::uint8_t flags : {0, 1, 2}) {
            card.deliver(text_of(60, 'v'), flags);
            received_frame f;
            ASSERT_TRUE(card.rings.next(f));
            EXPECT_EQ(f.verified, agreed && flags != 0);
            card.rings.give_back(f);
        }
    }
}

TEST(virtio_net, interrupts_and_notifications_come_only_when_asked_for) {
    a_card card;
    card.receive.available_event() = 100;
    EXPECT_FALSE(card.rings.receive.must_notify());
    EXPECT_EQ(card.receive.used_event(), 0x8000) << "nobody waits yet";
    EXPECT_EQ(card.transmit.used_event(), 0x8000);
    card.deliver(text_of(60, 'a'));
    EXPECT_FALSE(card.rings.receive.wait_for_used()) << "there is a frame";
    EXPECT_NE(card.next(), "");
    EXPECT_TRUE(card.rings.receive.wait_for_used());
    EXPECT_EQ(card.receive.used_event(), 1) << "the next one interrupts";
    card.receive.available_event() = 8; // tell me of the one behind the first eight
    EXPECT_TRUE(card.rings.receive.must_notify());
    EXPECT_FALSE(card.rings.receive.must_notify()) << "told once";
}

TEST(virtio_net, a_wish_that_shows_late_is_heard) {
    a_card card;
    for (int round = 0; round < 70000; ++round) {
        const auto given = static_cast<std::uint16_t>(8 + round);
        card.deliver(text_of(60, 'a'));
        ASSERT_NE(card.next(), "");
        ASSERT_FALSE(card.rings.receive.must_notify()) << "an old wish, in round " << round;
        if (round % 9) continue;
        card.receive.available_event() = given; // as if it had stood there before the buffer was given
        ASSERT_TRUE(card.rings.receive.must_notify()) << round;
        ASSERT_FALSE(card.rings.receive.must_notify()) << round;
    }
}

// --- a device that lies ---------------------------------------------------------------------------------------------

struct lie {
    const char* what;
    void (*tell)(device_side&);
};

class virtio_net_lie : public testing::TestWithParam<lie> {};

TEST_P(virtio_net_lie, breaks_the_queue_and_nothing_else) {
    a_card card;
    card.deliver(text_of(60, 'x'));
    ASSERT_EQ(card.next().size(), 60u);
    GetParam().tell(card.receive);
    received_frame f;
    while (card.rings.next(f)) card.rings.give_back(f);
    EXPECT_TRUE(card.rings.receive.broken());
    EXPECT_TRUE(card.rings.broken());
    card.receive.finish(card.receive.take(), 60);
    EXPECT_FALSE(card.rings.next(f)) << "it stays broken";
}

INSTANTIATE_TEST_SUITE_P(
    all, virtio_net_lie,
    testing::Values(lie{"a number beyond the end", [](device_side& d) { d.finish(8, 60); }},
                    lie{"a huge number", [](device_side& d) { d.finish(0xffffffff, 60); }},
                    lie{"a number whose low half is right", [](device_side& d) { d.finish(0x10001, 60); }},
                    lie{"longer than the buffer", [](device_side& d) { d.finish(1, 2049); }},
                    lie{"a length that wraps around", [](device_side& d) { d.finish(1, 0xfffffff8); }},
                    lie{"more than it has",
                        [](device_side& d) { d.used[1] = static_cast<std::uint16_t>(d.used[1] + 9); }},
                    lie{"an index that went back", [](device_side& d) { --d.used[1]; }}));

TEST(virtio_net, a_frame_that_somebody_reads_comes_no_second_time) {
    a_card card;
    card.deliver(text_of(60, 'x'));
    received_frame f;
    ASSERT_TRUE(card.rings.next(f));
    card.receive.finish(f.buffer, 72);
    received_frame again;
    EXPECT_FALSE(card.rings.next(again));
    EXPECT_TRUE(card.rings.broken());
    card.rings.give_back(f);
}

TEST(virtio_net, a_lie_that_is_taken_back_was_one) {
    a_card card;
    card.receive.finish(8, 72);
    EXPECT_EQ(card.next(), "");
    card.receive.entries()[0] = {0, 72};
    buffer_queue::used_buffer used;
    EXPECT_FALSE(card.rings.receive.take(used));
    EXPECT_TRUE(card.rings.receive.broken());
}

TEST(virtio_net, lies_about_what_was_sent_end_sending) {
    a_card card;
    for (int i = 0; i < 8; ++i) ASSERT_TRUE(card.send(text_of(60, 'a')));
    card.transmit.finish(77, 0);
    EXPECT_EQ(card.send(text_of(60, 'a')).error(), error::io);
    EXPECT_TRUE(card.rings.broken());
}

TEST(virtio_net, a_frame_of_no_or_too_many_buffers_is_dropped) {
    for (const std::uint16_t claimed : {0, 2, 9, 0xffff}) {
        a_card card;
        const std::uint16_t id = card.receive.take();
        std::memcpy(card.receive.memory(id) + 10, &claimed, 2);
        card.receive.finish(id, 72);
        EXPECT_EQ(card.next(), "") << claimed;
        card.deliver(text_of(60, 'n'));
        EXPECT_EQ(card.next(), text_of(60, 'n')) << "the next one comes";
        EXPECT_EQ(card.rings.receive.given(), 8);
    }
}

/// A device that does right, then anything: whatever it writes, frames lie within buffers, and none is lent twice.
TEST(virtio_net, whatever_a_device_writes_nothing_leaves_the_buffers) {
    std::mt19937 random{4};
    const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
    for (int round = 0; round < 20000; ++round) {
        a_card card{below(2) ? modern : below(2) ? std::uint64_t{any_layout} : version_1};
        const auto first = reinterpret_cast<std::uintptr_t>(card.rings.receive.buffer(0).data());
        std::vector<received_frame> held;
        for (int step = 0; step < 24; ++step) {
            device_side& d = below(4) ? card.receive : card.transmit;
            switch (below(9)) {
            case 0: d.used[1] = static_cast<std::uint16_t>(d.used[1] + below(12)); break;
            case 1:
                d.entries()[below(8)] = {static_cast<std::uint32_t>(below(10)),
                                         static_cast<std::uint32_t>(below(2100))};
                break;
            case 2:
                d.entries()[below(8)] = {static_cast<std::uint32_t>(random()), static_cast<std::uint32_t>(random())};
                break;
            case 3:
                const_cast<device_side::descriptor*>(d.descriptors)[below(8)] = {
                    random(), static_cast<std::uint32_t>(random()), 7, 3};
                break;
            case 4: d.available_event() = static_cast<std::uint16_t>(random()); break;
            case 5:
                if (d.has()) d.finish(d.take() % 8u, below(1600));
                break;
            case 6:
                card.rings.receive.buffer(static_cast<std::uint16_t>(below(8)))[10] = static_cast<std::byte>(below(6));
                break;
            case 7: (void)card.send(text_of(14 + below(1505), 'f')); break;
            default:
                if (!held.empty()) {
                    card.rings.give_back(held.back());
                    held.pop_back();
                }
            }
            received_frame f;
            if (!card.rings.next(f)) continue;
            if (!f.copied) {
                const auto at = reinterpret_cast<std::uintptr_t>(f.data);
                ASSERT_GE(at, first);
                ASSERT_LE(at + f.size, first + 8 * buffer_size);
                ASSERT_EQ((at - first) / buffer_size, (at + f.size - 1 - first) / buffer_size) << "within one buffer";
                for (const received_frame& other : held) ASSERT_TRUE(other.copied || other.buffer != f.buffer);
                ASSERT_FALSE(card.rings.receive.is_given(f.buffer));
            }
            for (std::uint32_t i = 0; i < f.size; ++i) f.data[i] = std::byte{0x5a}; // for address sanitizers
            held.push_back(f);
        }
        for (const received_frame& f : held) card.rings.give_back(f);
    }
}

} // namespace
} // namespace uk::virtio_net
