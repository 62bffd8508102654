#include "dhcp.hpp"

#include "bytes.hpp"

namespace uk::simulated_network {
namespace {

constexpr std::uint32_t client = 0x0a750002, server = 0x0a750001, mask = 0xff000000; // 10.117.0.2/8
constexpr std::size_t header = 14, ip_size = 20, udp_size = 8, bootp_size = 236;
constexpr unsigned server_port = 67, client_port = 68;
constexpr std::uint32_t cookie = 0x63825363;

// RFC 2132
enum option : unsigned { subnet = 1, router = 3, lease = 51, message = 53, server_name = 54, end = 255 };
enum kind : unsigned { discover = 1, offer = 2, request = 3, acknowledge = 5 };

unsigned message_of(std::span<const std::byte> options) {
    for (std::size_t at = 0; at + 2 < options.size();) {
        const unsigned code = get8(&options[at]);
        if (code == end) break;
        if (code == 0) {
            ++at;
            continue;
        }
        if (code == message) return get8(&options[at + 2]);
        at += 2 + get8(&options[at + 1]);
    }
    return 0;
}

std::byte* add(std::byte* at, unsigned code, std::uint32_t value) {
    at[0] = static_cast<std::byte>(code);
    at[1] = std::byte{4};
    put32(at + 2, value);
    return at + 6;
}

} // namespace

bool is_to_dhcp_server(const std::byte* ip, std::size_t size) {
    return get8(ip) == 0x45 && size >= ip_size + udp_size && get16(ip + ip_size + 2) == server_port;
}

std::size_t serve_dhcp(std::span<std::byte, longest_frame> frame, std::size_t size) {
    std::byte *ip = frame.data() + header, *udp = ip + ip_size, *bootp = udp + udp_size;
    constexpr std::size_t before_options = header + ip_size + udp_size + bootp_size + 4;
    if (size < before_options || get32(bootp + bootp_size) != cookie) return 0;
    const unsigned asked = message_of({frame.data() + before_options, size - before_options});
    if (asked != discover && asked != request) return 0;

    bootp[0] = std::byte{2};
    put32(bootp + 16, client); // yiaddr
    put32(bootp + 20, server); // siaddr
    std::byte* at = bootp + bootp_size + 4;
    at[0] = static_cast<std::byte>(message);
    at[1] = std::byte{1};
    at[2] = static_cast<std::byte>(asked == discover ? offer : acknowledge);
    at = add(add(add(add(at + 3, server_name, server), lease, 86'400), subnet, mask), router, server);
    *at++ = static_cast<std::byte>(end);

    const auto udp_length = static_cast<unsigned>(at - udp);
    put16(udp, server_port);
    put16(udp + 2, client_port);
    put16(udp + 4, udp_length);
    put16(udp + 6, 0);
    put16(ip + 2, ip_size + udp_length);
    put16(ip + 10, 0);
    put32(ip + 12, server);
    put32(ip + 16, client);
    put16(ip + 10, checksum(sum_of({ip, ip_size})));
    constexpr unsigned protocol_udp = 17;
    const unsigned sum = checksum(sum_of({udp, udp_length}, sum_of({ip + 12, 8}, protocol_udp + udp_length)));
    put16(udp + 6, sum ? sum : 0xffff);
    return static_cast<std::size_t>(at - frame.data());
}

} // namespace uk::simulated_network
