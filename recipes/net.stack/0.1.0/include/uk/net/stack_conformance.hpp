// The conformance suite of net.stack: a stack talks to itself over its loopback addresses, so it needs no network. What a flow
// must do is net.flow's suite, once over IPv4 and once over IPv6.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include <uk/conformance.hpp>
#include <uk/net/flow_conformance.hpp>
#include <uk/net/stack.hpp>

namespace uk::net {

inline constexpr ip_address checked_loopback_v6 = ip_address::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

/// Joins a listener with a new connection.
template <Stack S>
result<std::pair<typename S::flow, typename S::flow>> join(S& stack, typename S::listener& listener, endpoint where) {
    std::optional<typename S::flow> taken;
    fiber::scope scope;
    UK_TRY(scope.spawn([&]() -> result<void> {
        auto flow = listener.accept();
        if (!flow) return flow.error();
        taken.emplace(std::move(*flow));
        return {};
    }));
    auto made = stack.connect(where);
    if (!made) return made.error();
    UK_TRY(scope.join());
    return std::pair{std::move(*made), std::move(*taken)};
}

template <Stack S>
void connections_conformance(conformance_report& report, S& stack, const ip_address& loopback) {
    using namespace std::chrono_literals;
    const auto failed_with = [](const auto& r, error e) { return !r && r.error() == e; };
    auto listener = stack.listen({loopback, 0});
    if (!report.check("listens at the loopback address", listener.has_value())) return;
    const endpoint where = listener->local();
    report.check("port 0 becomes a port", where.port != 0 && where.address == loopback);
    report.check("a port in use is busy", failed_with(stack.listen(where), error::busy));
    {
        const fiber::deadline soon{20ms};
        report.check("a deadline ends accept with timed_out", failed_with(listener->accept(), error::timed_out));
    }
    flow_conformance(report, [&] { return join(stack, *listener, where); });
    {
        auto pair = join(stack, *listener, where);
        report.check("each end knows the other",
                     pair && pair->first.peer().port == where.port && pair->first.peer().address == loopback &&
                         pair->second.peer().address == loopback && pair->second.peer().port != where.port);
    }
    { // many, one after the other, ended by either side
        bool all = true;
        for (int i = 0; i < 300 && all; ++i) {
            auto pair = join(stack, *listener, where);
            std::array<std::byte, 1> one{};
            all = pair && pair->first.write(one) && read_all(pair->second, one);
            if (!all) break;
            auto& first_to_go = i % 2 ? pair->first : pair->second;
            auto gone = std::move(first_to_go);
        }
        report.check("three hundred connections one after the other", all);
    }
    { // many at a time: so many that ports drawn without a look at those in use would meet
        std::array<std::optional<std::pair<typename S::flow, typename S::flow>>, 250> pairs;
        bool all = true;
        for (auto& one : pairs) {
            auto made = join(stack, *listener, where);
            if (!(all &= made.has_value())) break;
            one.emplace(std::move(*made));
        }
        for (std::size_t i = 0; i < pairs.size() && all; ++i) {
            std::array<std::byte, 1> sent{static_cast<std::byte>(i)}, came{};
            all &= pairs[i]->first.write(sent) && read_all(pairs[i]->second, came) && came == sent;
        }
        report.check("two hundred and fifty connections at a time", all);
    }
    {
        auto gone = std::move(*listener);
        listener = error::closed;
    }
    const fiber::deadline limit{10s};
    report.check("where nobody listens is closed", failed_with(stack.connect(where), error::closed));
    auto again = stack.listen(where);
    report.check("a port is free again after its listener", again.has_value());
}

template <Stack S>
void datagrams_conformance(conformance_report& report, S& stack, const ip_address& loopback) {
    using namespace std::chrono_literals;
    const auto failed_with = [](const auto& r, error e) { return !r && r.error() == e; };
    auto a = stack.bind({loopback, 0});
    auto b = stack.bind({loopback, 0});
    if (!report.check("binds datagrams twice", a && b)) return;
    report.check("port 0 becomes two ports", a->local().port && b->local().port && a->local() != b->local());
    report.check("a bound port is busy", failed_with(stack.bind(a->local()), error::busy));
    std::array<std::byte, 1000> out, in{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = checked_byte(i, 3);
    const fiber::deadline limit{10s};
    report.check("sends", a->send(b->local(), out).has_value());
    auto got = b->receive(in);
    report.check("what was sent arrives", got && got->size == out.size() && in == out);
    report.check("with its sender", got && got->from.port == a->local().port && got->from.address == loopback);
    report.check("an empty datagram", a->send(b->local(), {}).has_value());
    got = b->receive(in);
    report.check("is one", got && got->size == 0);
    in = {};
    report.check("two datagrams",
                 a->send(b->local(), out).has_value() && a->send(b->local(), std::span{out}.first(3)).has_value());
    got = b->receive(std::span{in}.first(10));
    report.check("a small buffer cuts one off, and its size says so",
                 got && got->size == out.size() && in[9] == out[9] && in[10] == std::byte{});
    got = b->receive(in);
    report.check("the next begins at its begin", got && got->size == 3 && in[0] == out[0]);
    {
        const fiber::deadline soon{20ms};
        report.check("a deadline ends receive with timed_out", failed_with(b->receive(in), error::timed_out));
    }
    static std::array<std::byte, 70000> huge;
    report.check("what fits no datagram is too_large", failed_with(a->send(b->local(), huge), error::too_large));
}

template <Stack S>
void stack_conformance(conformance_report& report, S& stack) {
    const auto failed_with = [](const auto& r, error e) { return !r && r.error() == e; };
    for (const ip_address& loopback : {loopback_v4, checked_loopback_v6}) {
        connections_conformance(report, stack, loopback);
        datagrams_conformance(report, stack, loopback);
    }
    // 192.0.2.0/24 is nobody's (RFC 5737).
    const endpoint nowhere{ip_address::v4(0xc0000201), 0};
    report.check("an address of somebody else is not_found", failed_with(stack.listen(nowhere), error::not_found));
    report.check("for datagrams too", failed_with(stack.bind(nowhere), error::not_found));
    auto any = stack.listen({any_address, 0});
    report.check("listens at any address", any.has_value());
    if (any) {
        for (const ip_address& loopback : {loopback_v4, checked_loopback_v6})
            report.check("any address is one of each kind",
                         join(stack, *any, {loopback, any->local().port}).has_value());
    }
    std::array<ip_address, 4> servers;
    report.check("name_servers fills no more than there is room", stack.name_servers(servers) <= servers.size());
}

} // namespace uk::net
