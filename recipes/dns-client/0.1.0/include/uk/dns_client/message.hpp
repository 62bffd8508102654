// Questions and answers as they go over the wire (RFC 1035, 4). Reads whatever comes: every length is checked, and a name is
// followed for a bounded number of jumps.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <uk/net/address.hpp>
#include <uk/result.hpp>

namespace uk::dns_client {

inline constexpr std::size_t longest_message = 512; ///< over UDP without extensions (RFC 1035, 4.2.1)
inline constexpr std::size_t longest_name = 253;

enum class kind : std::uint16_t { a = 1, aaaa = 28 };

/// Whether it may be a host's name: labels of letters, digits, `-` and `_`, of 1 to 63 bytes; a dot at the end is allowed.
bool is_host_name(std::string_view name);

/// Writes a question, recursion desired; returns its bytes. `name` is a host's name.
std::span<const std::byte> write_question(std::string_view name, kind what, std::uint16_t id,
                                          std::span<std::byte, longest_message> out);

/// What an answer says. `count` 0: the name has no address of that kind.
struct answer {
    std::size_t count = 0;
    std::uint32_t seconds = 0; ///< how long it may be kept
};

/// Reads the answer to a question: the addresses of `name`, its aliases followed. Errors: invalid (not an answer to it, or
/// malformed), not_found (no such name), too_large (cut off), io (the server failed or refuses).
result<answer> read_answer(std::span<const std::byte> message, std::string_view name, kind what, std::uint16_t id,
                           std::span<net::ip_address> out);

} // namespace uk::dns_client
