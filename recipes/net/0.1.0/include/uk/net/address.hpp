// Addresses: of interfaces, of hosts, of services. Values without a network behind them.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <uk/parameters.hpp>
#include <uk/result.hpp>

namespace uk::net {

/// An Ethernet interface's address, as it goes over the wire (IEEE 802, EUI-48).
struct mac_address {
    std::array<std::uint8_t, 6> bytes{};
    friend constexpr bool operator==(const mac_address&, const mac_address&) = default;
};

/// A host's address, IPv4 or IPv6. An IPv4 one is held as IPv6 holds it, `::ffff:a.b.c.d` (RFC 4291, 2.5.5.2), so that the two
/// compare and sort as one kind. `::` and `0.0.0.0` are different values; both mean "any" to `listen` and `bind`.
class ip_address {
  public:
    constexpr ip_address() = default; ///< `::`
    /// From a number in host byte order, as uk::ipv4_cidr holds it: 0x7f000001 is 127.0.0.1.
    static constexpr ip_address v4(std::uint32_t number) {
        ip_address made;
        made.bytes_[10] = made.bytes_[11] = 0xff;
        for (int i = 0; i < 4; ++i) made.bytes_[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
        return made;
    }
    static constexpr ip_address v6(const std::array<std::uint8_t, 16>& bytes) {
        ip_address made;
        made.bytes_ = bytes;
        return made;
    }

    constexpr bool is_v4() const {
        for (int i = 0; i < 10; ++i)
            if (bytes_[i]) return false;
        return bytes_[10] == 0xff && bytes_[11] == 0xff;
    }
    /// The number that `v4` takes. Only of an IPv4 address.
    constexpr std::uint32_t number() const {
        std::uint32_t n = 0;
        for (int i = 12; i < 16; ++i) n = n << 8 | bytes_[i];
        return n;
    }
    /// Sixteen bytes in network order.
    constexpr const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    constexpr bool is_any() const { return *this == ip_address{} || *this == v4(0); }

    friend constexpr auto operator<=>(const ip_address&, const ip_address&) = default;

  private:
    std::array<std::uint8_t, 16> bytes_{};
};

inline constexpr ip_address any_address{};
inline constexpr ip_address loopback_v4 = ip_address::v4(0x7f000001);

/// A host's address with the length of its network's prefix, counted in the address's own kind (10.0.0.2/24, fd00::2/64).
struct ip_network {
    ip_address address;
    std::uint8_t prefix = 0;
    friend constexpr bool operator==(const ip_network&, const ip_network&) = default;
};

/// Where a service is: an address and a port. `scope` is the interface of a link-local IPv6 address (RFC 4007), else 0.
struct endpoint {
    ip_address address;
    std::uint16_t port = 0;
    std::uint8_t scope = 0;
    friend constexpr auto operator<=>(const endpoint&, const endpoint&) = default;
};

/// The longest texts that `format` writes, in bytes.
inline constexpr std::size_t longest_address = 45, longest_endpoint = longest_address + 8;

/// Writes an address as people do (RFC 5952; dotted for IPv4), an endpoint as `a.b.c.d:80` or `[fd00::2]:80`.
/// Returns the part of `out` that was used; `out` has room for the longest text.
std::string_view format(const ip_address& what, std::span<char, longest_address> out);
std::string_view format(const endpoint& what, std::span<char, longest_endpoint> out);

/// Reads what `format` writes, and every other spelling of RFC 4291, 2.2. Errors: invalid.
result<ip_address> parse_address(std::string_view text);
/// Reads `ADDRESS:PORT`, `[IPV6]:PORT`. Errors: invalid.
result<endpoint> parse_endpoint(std::string_view text);

} // namespace uk::net
