// The conformance suite of net.resolver: what holds without any network.
#pragma once

#include <array>

#include <uk/conformance.hpp>
#include <uk/net/resolver.hpp>

namespace uk::net {

template <Resolver R>
void resolver_conformance(conformance_report& report, R& resolver) {
    std::array<ip_address, 4> out;
    auto count = resolver.resolve("192.0.2.7", out);
    report.check("an IPv4 address is itself", count && *count == 1 && out[0] == ip_address::v4(0xc0000207));
    count = resolver.resolve("2001:db8::7", out);
    report.check("an IPv6 address is itself", count && *count == 1 && !out[0].is_v4() && out[0].bytes()[15] == 7);
    count = resolver.resolve("localhost", out);
    const bool is_loopback =
        count && *count >= 1 && (out[0].is_v4() ? out[0].number() >> 24 == 127 : out[0].bytes()[15] == 1);
    report.check("localhost is a loopback address", is_loopback);
    for (const std::string_view name : {"", ".", "a..b", "with space.example", "-\x01.example"}) {
        const auto none = resolver.resolve(name, out);
        report.check("what is no host's name is invalid", !none && none.error() == error::invalid);
    }
    static const std::array<char, 300> longer = [] {
        std::array<char, 300> made;
        for (std::size_t i = 0; i < made.size(); ++i) made[i] = i % 32 == 31 ? '.' : 'a';
        return made;
    }();
    const auto none = resolver.resolve({longer.data(), longer.size()}, out);
    report.check("a name that is too long is invalid", !none && none.error() == error::invalid);
}

} // namespace uk::net
