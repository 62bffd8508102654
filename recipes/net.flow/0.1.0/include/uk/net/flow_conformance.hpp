// The conformance suite of net.flow: what holds for both ends of every flow. `connect()` makes a pair of ends that are joined,
// `result<std::pair<F, F>>`; a stack does it with itself (stack_conformance.hpp).
#pragma once

#include <array>
#include <chrono>
#include <cstdlib>
#include <utility>

#include <uk/conformance.hpp>
#include <uk/fiber.hpp>
#include <uk/net/flow.hpp>

namespace uk::net {

/// Bytes that are sent each way at once.
inline constexpr std::size_t checked_transfer = 1 << 20;

/// The byte at a place of a stream; `seed` tells streams apart.
constexpr std::byte checked_byte(std::size_t at, unsigned seed) {
    return static_cast<std::byte>((at * 31 + (at >> 8) * 7 + seed) & 0xff);
}

/// Writes a stream in pieces of changing size, and finishes.
template <Flow F>
result<void> write_checked(F& flow, std::size_t size, unsigned seed) {
    std::array<std::byte, 3000> piece;
    for (std::size_t at = 0; at < size;) {
        std::size_t count = at % 7 == 0 ? piece.size() : at % 3 == 0 ? 1 : 700;
        if (count > size - at) count = size - at;
        for (std::size_t i = 0; i < count; ++i) piece[i] = checked_byte(at + i, seed);
        UK_TRY(flow.write(std::span{piece}.first(count)));
        at += count;
    }
    return flow.finish();
}

/// Reads a stream to its end; false if it isn't that one.
template <Flow F>
bool read_checked(F& flow, std::size_t size, unsigned seed) {
    std::array<std::byte, 4096> piece;
    std::size_t at = 0;
    for (;;) {
        const auto got = flow.read(piece);
        if (!got) return false;
        if (*got == 0) return at == size;
        for (std::size_t i = 0; i < *got; ++i)
            if (piece[i] != checked_byte(at + i, seed)) return false;
        at += *got;
    }
}

/// Reads until `out` is full.
template <Flow F>
bool read_all(F& flow, std::span<std::byte> out) {
    while (!out.empty()) {
        const auto got = flow.read(out);
        if (!got || *got == 0) return false;
        out = out.subspan(*got);
    }
    return true;
}

template <class Connect>
void flow_conformance(conformance_report& report, Connect connect) {
    using namespace std::chrono_literals;
    std::array<std::byte, 8> buffer{};
    const auto word = std::as_bytes(std::span{"abcd", 4});
    const auto failed_with = [](const auto& r, error e) { return !r && r.error() == e; };
    const fiber::deadline limit{60s}; // a suite that hangs fails

    { // the order of things between two ends, and their ends
        auto made = connect();
        if (!report.check("two ends are joined", made.has_value())) return;
        auto& [a, b] = *made;
        report.check("write takes all", a.write(word).has_value() && a.write(word).has_value());
        report.check("bytes come in order", read_all(b, buffer) && buffer[0] == word[0] && buffer[7] == word[3]);
        report.check("writing nothing succeeds", a.write({}).has_value());
        const auto nothing = b.read({});
        report.check("reading nothing is 0, at once", nothing && *nothing == 0);
        {
            const fiber::deadline soon{20ms};
            report.check("a deadline ends read with timed_out", failed_with(b.read(buffer), error::timed_out));
        }
        report.check("nothing was lost by that",
                     a.write(word).has_value() && read_all(b, std::span{buffer}.first(4)) && buffer[3] == word[3]);
        report.check("finish succeeds", a.finish().has_value());
        auto end = b.read(buffer);
        report.check("the other end reads 0", end && *end == 0);
        end = b.read(buffer);
        report.check("and 0 again", end && *end == 0);
        report.check("write after finish is closed", failed_with(a.write(word), error::closed));
        report.check("the other way goes on", b.write(word).has_value() && read_all(a, std::span{buffer}.first(4)));
        report.check("finish of the other end succeeds", b.finish().has_value());
        end = a.read(buffer);
        report.check("then both are at their ends", end && *end == 0);
    }
    { // reset
        auto made = connect();
        if (!report.check("two ends are joined again", made.has_value())) return;
        auto& [a, b] = *made;
        fiber::scope scope;
        bool closed = false;
        report.check("a reader starts",
                     scope.spawn([&] { closed = failed_with(b.read(buffer), error::closed); }).has_value());
        (void)fiber::sleep(1ms);
        a.reset();
        (void)scope.join();
        report.check("reset ends the other end's read with closed", closed);
        report.check("its next read too", failed_with(b.read(buffer), error::closed));
        report.check("and its write", failed_with(b.write(word), error::closed));
        report.check("the end that was reset is closed", failed_with(a.write(word), error::closed));
    }
    { // destroying
        auto made = connect();
        if (!report.check("two ends are joined for the third time", made.has_value())) return;
        auto& [a, b] = *made;
        bool wrote = b.write(word).has_value(); // nobody will read it
        {
            const auto gone = std::move(a);
            auto& last = const_cast<std::remove_const_t<decltype(gone)>&>(gone);
            wrote &= last.write(word).has_value() && last.write(word).has_value();
        }
        report.check("what was written before a flow is destroyed arrives", wrote && read_all(b, buffer));
    }
    { // cancelling
        auto made = connect();
        if (!report.check("two ends are joined for the fourth time", made.has_value())) return;
        auto& [a, b] = *made;
        bool cancelled = false;
        {
            fiber::scope scope;
            (void)scope.spawn([&] { cancelled = failed_with(b.read(buffer), error::cancelled); });
            (void)fiber::sleep(1ms);
        }
        report.check("read ends with its scope: cancelled", cancelled);
        report.check("the flow goes on after that",
                     a.write(word).has_value() && read_all(b, std::span{buffer}.first(4)));

        // a writer that nobody reads from
        fiber::deadline soon{200ms};
        std::array<std::byte, 4096> block{};
        result<void> full{};
        for (int i = 0; i < 16384 && full; ++i) full = a.write(block);
        report.check("a writer blocks when nobody reads", failed_with(full, error::timed_out));
    }
    { // much, both ways at once
        auto made = connect();
        if (!report.check("two ends are joined for the fifth time", made.has_value())) return;
        auto& [a, b] = *made;
        bool wrote[2] = {}, read[2] = {};
        {
            fiber::scope scope;
            (void)scope.spawn([&] { wrote[0] = write_checked(a, checked_transfer, 1).has_value(); });
            (void)scope.spawn([&] { wrote[1] = write_checked(b, checked_transfer, 2).has_value(); });
            (void)scope.spawn([&] { read[0] = read_checked(a, checked_transfer, 2); });
            (void)scope.spawn([&] { read[1] = read_checked(b, checked_transfer, 1); });
            (void)scope.join();
        }
        report.check("much can be written both ways at once", wrote[0] && wrote[1]);
        report.check("and arrives as it was", read[0] && read[1]);
    }
    { // tickets
        auto made = connect();
        if (!report.check("two ends are joined for the sixth time", made.has_value())) return;
        auto& [a, b] = *made;
        ready_queue queue;
        ready_ticket ticket{queue, &buffer};
        const auto ready = [&](auto how_long) {
            const fiber::deadline soon{how_long};
            const auto next = queue.next();
            return next && *next == &ticket && (*next)->owner() == &buffer;
        };
        report.check("watch succeeds", b.watch(ticket).has_value());
        report.check("a ticket waits for bytes", !ready(20ms));
        report.check("bytes make it ready", a.write(word).has_value() && ready(5s));
        report.check("once", !ready(20ms));
        report.check("watching what can be read is ready at once", b.watch(ticket).has_value() && ready(5s));
        report.check("the bytes are there", read_all(b, std::span{buffer}.first(4)));
        report.check("watch again succeeds", b.watch(ticket).has_value());
        b.unwatch(ticket);
        report.check("an unwatched flow is quiet", a.write(word).has_value() && !ready(20ms));
        report.check("and can be read", read_all(b, std::span{buffer}.first(4)));
        b.unwatch(ticket);
        bool took_out = a.write(word).has_value() && b.watch(ticket).has_value();
        (void)fiber::sleep(20ms);
        b.unwatch(ticket);
        report.check("unwatch takes a ready ticket out",
                     took_out && queue.empty() && read_all(b, std::span{buffer}.first(4)));
        report.check("the end makes a ticket ready",
                     b.watch(ticket).has_value() && a.finish().has_value() && ready(5s));
        const auto end = b.read(buffer);
        report.check("which reads 0", end && *end == 0);
        report.check("a reset makes a ticket ready", a.watch(ticket).has_value() && (b.reset(), ready(5s)));
        report.check("which reads closed", failed_with(a.read(buffer), error::closed));
    }
}

} // namespace uk::net
