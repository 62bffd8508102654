// The conformance suite of net.device. It asks the network for something, so there must be somebody: a host with 10.0.2.2 or
// 10.0.2.1, or a DHCP server. QEMU's user-mode network is both; the tests' TAP interface has an address.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include <uk/conformance.hpp>
#include <uk/fiber.hpp>
#include <uk/net/device.hpp>

namespace uk::net {

/// An ARP question for an address (RFC 826), as it goes over the wire, padded to Ethernet's least size.
inline std::array<std::byte, 60> arp_question(const mac_address& from, std::uint32_t own, std::uint32_t wanted) {
    std::array<std::byte, 60> frame{};
    constexpr unsigned char fixed[] = {8, 6, 0, 1, 8, 0, 6, 4, 0, 1};
    const auto put = [&](std::size_t at, std::uint32_t address) {
        for (int i = 0; i < 4; ++i) frame[at + i] = static_cast<std::byte>(address >> (24 - 8 * i));
    };
    std::memset(frame.data(), 0xff, 6);
    std::memcpy(frame.data() + 6, from.bytes.data(), 6);
    std::memcpy(frame.data() + 12, fixed, sizeof fixed);
    std::memcpy(frame.data() + 22, from.bytes.data(), 6);
    put(28, own);
    put(38, wanted);
    return frame;
}

/// Whether a frame is an ARP answer to the card, about that address.
inline bool answers(std::span<const std::byte> frame, const mac_address& to, std::uint32_t wanted) {
    constexpr unsigned char fixed[] = {8, 6, 0, 1, 8, 0, 6, 4, 0, 2};
    if (frame.size() < 42 || std::memcmp(frame.data(), to.bytes.data(), 6) != 0) return false;
    if (std::memcmp(frame.data() + 12, fixed, sizeof fixed) != 0) return false;
    for (int i = 0; i < 4; ++i)
        if (frame[28 + i] != static_cast<std::byte>(wanted >> (24 - 8 * i))) return false;
    return true;
}

/// Receives until `wanted` is answered or the time is over; the answer's frame.
template <Device D>
std::optional<typename D::frame> await_answer(D& device, std::uint32_t wanted) {
    fiber::deadline limit{std::chrono::seconds{2}};
    for (;;) {
        auto frame = device.receive();
        if (!frame) return std::nullopt;
        if (answers(frame->bytes(), device.address(), wanted)) return std::move(*frame);
    }
}

template <Device D>
result<void> send_whole(D& device, std::span<const std::byte> frame) {
    for (;;) {
        const auto sent = device.send(std::span{&frame, 1}, {});
        if (sent || sent.error() != error::busy) return sent;
        UK_TRY(device.sendable());
    }
}

template <Device D>
void device_conformance(conformance_report& report, D& device) {
    using namespace std::chrono_literals;
    const mac_address own = device.address();
    report.check("the card's address is that of one card", !(own.bytes[0] & 1));
    report.check("the card's address is not zero", own != mac_address{});
    report.check("the address stays", device.address() == own);
    const std::size_t mtu = device.mtu();
    report.check("frames carry 576 to 65535 bytes", mtu >= 576 && mtu <= 65535);

    constexpr std::uint32_t host = 0x0a000202, other_host = 0x0a000201, mine = 0x0a00020f;
    std::uint32_t peer = 0;
    // A host drops what it answers while it still brings the link up (Linux: its link watch, up to a second), so once more.
    for (const std::uint32_t who : {host, other_host, host, other_host}) {
        const auto question = arp_question(own, mine, who);
        report.check("a broadcast is sent", send_whole(device, question).has_value());
        if (await_answer(device, who)) peer = who;
        if (peer) break;
    }
    if (!report.check("somebody on the network answers an ARP question", peer != 0)) return;
    const auto question = arp_question(own, mine, peer);

    { // In pieces, also empty ones: the network must see the one frame.
        const std::span whole{question};
        const std::span<const std::byte> pieces[] = {whole.first(1), {}, whole.subspan(1, 20), whole.subspan(21)};
        report.check("a frame in pieces is sent", device.send(pieces, {}).has_value());
        report.check("a frame in pieces is one on the wire", await_answer(device, peer).has_value());
    }

    { // More than any card has buffers, one after another: nothing is lost to the card itself.
        int answered = 0;
        for (int i = 0; i < 1000; ++i)
            if (send_whole(device, question) && await_answer(device, peer)) ++answered;
        report.check("1000 questions have 1000 answers", answered == 1000);
    }

    { // A frame that is kept keeps its bytes while others come and go.
        (void)send_whole(device, question);
        auto kept = await_answer(device, peer);
        std::array<std::byte, 42> before{};
        if (kept) std::memcpy(before.data(), kept->bytes().data(), before.size());
        int others = 0;
        for (int i = 0; i < 300; ++i)
            if (send_whole(device, question) && await_answer(device, peer)) ++others;
        report.check("a frame that is kept stays as it is",
                     kept && others == 300 && std::memcmp(before.data(), kept->bytes().data(), before.size()) == 0);
        if (kept) {
            auto moved = std::move(*kept);
            report.check("a frame can be moved", std::memcmp(before.data(), moved.bytes().data(), before.size()) == 0);
        }
    }

    { // As fast as it goes, without receiving: busy is an answer, and ends.
        bool only_busy = true, had_room = true;
        for (int i = 0; i < 2000; ++i) {
            const std::span<const std::byte> whole{question};
            const auto sent = device.send(std::span{&whole, 1}, {});
            if (sent) continue;
            only_busy &= sent.error() == error::busy;
            fiber::deadline limit{2s};
            had_room &= device.sendable().has_value();
        }
        report.check("a card that is full says `busy`", only_busy);
        report.check("a card that is full has room again", had_room);
    }

    { // What can't be sent is refused whole.
        static const std::array<std::byte, 1024> block{};
        std::array<std::span<const std::byte>, 65> many{};
        for (auto& piece : many) piece = block;
        const auto sent = device.send(many, {});
        report.check("65 KiB are `too_large`", !sent && sent.error() == error::too_large);
        if (mtu < 65000) {
            const std::size_t size = mtu + 14 + 4 + 1; // with a tag, and one more
            std::array<std::span<const std::byte>, 65> just{};
            std::size_t count = 0;
            for (std::size_t left = size; left > 0; left -= just[count++].size())
                just[count] = std::span{block}.first(std::min(left, block.size()));
            const auto one_more = device.send(std::span{just}.first(count), {});
            report.check("one byte more than fits is `too_large`", !one_more && one_more.error() == error::too_large);
        }
    }

    { // Everything that still waits is taken; then nothing comes, and waiting can be ended.
        const auto quiet = [&]() -> result<void> {
            for (;;) {
                fiber::deadline limit{200ms};
                if (auto frame = device.receive(); !frame) return frame.error();
            }
        };
        const auto ended = quiet();
        report.check("waiting for a frame ends at a deadline", !ended && ended.error() == error::timed_out);
        fiber::scope scope;
        result<void> answer;
        const auto started = scope.spawn([&] {
            auto frame = device.receive();
            answer = frame ? result<void>{} : frame.error();
        });
        (void)fiber::sleep(10ms);
        scope.cancel();
        (void)scope.join();
        report.check("waiting for a frame can be cancelled", started && !answer && answer.error() == error::cancelled);
    }
    report.check("the card still sends", send_whole(device, question).has_value());
    report.check("the card still receives", await_answer(device, peer).has_value());
}

} // namespace uk::net
