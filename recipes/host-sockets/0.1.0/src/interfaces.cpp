// rtnetlink(7): one question, answered at once with a message for each address.
#include "interfaces.hpp"

#include <cstring>

#include "host.hpp"

UK_HOSTED_CALLS({uk::hosted::call::socket, 0, uk::host_sockets::family_netlink}, uk::hosted::call::sendto,
                uk::hosted::call::recvfrom);

namespace uk::host_sockets {
namespace {

// linux/netlink.h, linux/rtnetlink.h, linux/if_addr.h
struct header {
    std::uint32_t size;
    std::uint16_t type, flags;
    std::uint32_t sequence, port;
};

struct interface_address {
    std::uint8_t family, prefix, flags, scope;
    std::uint32_t index;
};

struct attribute {
    std::uint16_t size, type;
};

struct question {
    header head;
    interface_address what;
};

constexpr std::uint16_t done = 3, failure = 2, is_address = 20, get_addresses = 22;
constexpr std::uint16_t request = 1, dump = 0x300;
constexpr std::uint16_t address_attribute = 1, local_attribute = 2;
constexpr std::uint8_t scope_host = 254, not_usable_yet = 0x40 | 0x08; // tentative, duplicate

constexpr std::size_t aligned(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

bool read_one(std::span<const std::byte> message, net::ip_network& out) {
    interface_address about;
    if (message.size() < sizeof about) return false;
    std::memcpy(&about, message.data(), sizeof about);
    if (about.scope == scope_host || about.flags & not_usable_yet) return false;
    const std::size_t length = about.family == family_v4 ? 4 : about.family == family_v6 ? 16 : 0;
    bool found = false, local = false;
    for (std::size_t at = aligned(sizeof about); at + sizeof(attribute) <= message.size();) {
        attribute a;
        std::memcpy(&a, message.data() + at, sizeof a);
        if (a.size < sizeof a || at + a.size > message.size()) break;
        const bool is_local = a.type == local_attribute; // of a point-to-point link the other is the far end
        if (length && a.size == sizeof a + length && (is_local || (a.type == address_attribute && !local))) {
            std::array<std::uint8_t, 16> bytes{};
            std::memcpy(bytes.data(), message.data() + at + sizeof a, length);
            out.address = length == 16 ? net::ip_address::v6(bytes)
                                       : net::ip_address::v4(static_cast<std::uint32_t>(bytes[0]) << 24 |
                                                             bytes[1] << 16 | bytes[2] << 8 | bytes[3]);
            out.prefix = about.prefix;
            found = true;
            local |= is_local;
        }
        at += aligned(a.size);
    }
    return found;
}

} // namespace

result<std::size_t> interface_addresses(std::span<net::ip_network> networks) {
    const long descriptor = system_call(call::socket, family_netlink, raw | close_on_exec | non_blocking, 0L);
    if (descriptor < 0) return from_errno(descriptor);
    question asked{};
    asked.head = {sizeof asked, get_addresses, request | dump, 1, 0};
    std::size_t count = 0;
    bool complete = false;
    long answer = system_call(call::sendto, descriptor, &asked, static_cast<long>(sizeof asked), 0L);
    alignas(header) std::byte buffer[4096];
    while (answer > 0 && !complete) {
        answer = system_call(call::recvfrom, descriptor, &buffer[0], static_cast<long>(sizeof buffer), 0L);
        for (std::size_t at = 0, left = answer > 0 ? static_cast<std::size_t>(answer) : 0; left >= sizeof(header);) {
            header head;
            std::memcpy(&head, buffer + at, sizeof head);
            if (head.size < sizeof head || head.size > left) break;
            net::ip_network found;
            if (head.type == done || head.type == failure) complete = true;
            if (head.type == is_address && read_one({buffer + at + sizeof head, head.size - sizeof head}, found)) {
                if (count < networks.size()) networks[count] = found;
                ++count;
            }
            const std::size_t step = aligned(head.size);
            if (step >= left) break;
            at += step;
            left -= step;
        }
    }
    close_descriptor(static_cast<int>(descriptor));
    if (!complete) return error::io;
    if (count == 0) return error::not_found;
    return count;
}

} // namespace uk::host_sockets
