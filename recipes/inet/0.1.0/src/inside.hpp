// What the sources of the component share: packets on their way in and out, and who does what with them.
#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include <uk/call_memcpy.hpp>
#include <uk/fiber.hpp>
#include <uk/inet/engine.hpp>

#include "wire.hpp"

namespace uk::inet {

/// Milliseconds since boot; `no_time` never comes.
using milliseconds = u64;
constexpr milliseconds no_time = ~u64{0};

/// A packet that arrived. Bytes may be changed in place.
struct incoming {
    address from, to;
    u8* packet; ///< its IP header, and `packet_size` bytes from there, for ICMP to quote
    std::size_t packet_size;
    u8* data; ///< behind all IP headers
    std::size_t size;
    u8 protocol;
    u8 hops;
    bool verified; ///< the TCP or UDP checksum needs no look
    bool internal; ///< from the stack itself
    bool to_many; ///< broadcast or multicast: nobody complains about those
};

/// A packet to be sent: the transport header is built here, with room for the others before it; the body lies elsewhere.
struct outgoing {
    static constexpr std::size_t headroom = 64, most_head = 64;

    address from, to;
    u8 protocol = 0;
    u8 hops = 64;
    bool whole = false; ///< IPv4 must not cut it up
    bool alert = false; ///< routers look at it (RFC 2711)
    u8 checksum_at = 0; ///< where in the head
    u16 head_size = 0;
    std::span<const std::byte> body[2];
    const hardware* link = nullptr; ///< where to, if that is known
    alignas(8) u8 bytes[headroom + most_head];

    u8* head() { return bytes + headroom; }
};

// engine.cpp
extern const card* the_card;
extern hardware own_hardware;
milliseconds now();
/// Work for `serve`, at once or at that time.
void signal_work();
void wake_at(milliseconds when);
/// Hands a frame to the card. Errors: busy, and then nothing is received before the card has room; too_large, closed, io.
result<void> send_frame(net::frame_pieces pieces, net::unfinished_checksum checksum);
/// A copy of a frame to the stack itself, which `serve` delivers. Errors: out_of_memory.
result<void> send_inside(net::frame_pieces pieces);

// interface.cpp
/// What the interface has: an IPv4 address, and an IPv6 one for each prefix.
struct network_v4 {
    address own = v4(0);
    u32 mask = 0;
    address gateway = v4(0);
};
extern network_v4 configured_v4;
void set_v4(const network_v4& what);
/// Whether the stack itself has this address.
bool is_own(const address& a);
/// Whether a packet to this address is for the stack.
bool is_for_us(const address& a);
/// An own address to send from. Errors: not_found.
result<address> source_for(const address& to);
/// Who on the link takes a packet to this address. Errors: not_found.
result<address> next_hop(const address& to);
bool is_broadcast(const address& a);
void signal_configured();
/// Servers that resolve names: DHCP knows those of IPv4, routers those of IPv6.
constexpr std::size_t servers_of_a_kind = 2;
void set_server(bool of_v6, std::size_t i, const address& server);

// ip.cpp
/// Takes a packet behind its Ethernet header. `size` is what the frame has left.
void receive_v4(u8* packet, std::size_t size, bool verified, bool internal);
void receive_v6(u8* packet, std::size_t size, bool verified, bool internal);
/// To the protocol that it is for.
void deliver(incoming& p);
/// Errors: not_found (no way there), out_of_memory, busy.
result<void> send(outgoing& p);
/// The largest body of an IP packet on its way there.
std::size_t room_for(const address& to);

// fragments.cpp
/// Takes a fragment: `offset` in bytes, `more` follow. Delivers the whole when it is there.
void receive_fragment(incoming& p, u32 identifier, std::size_t offset, bool more);
milliseconds run_fragments(milliseconds now);

// neighbours.cpp
/// Sends a frame whose first piece begins with room for an Ethernet header, or keeps a copy until the neighbour has answered.
result<void> send_to_neighbour(const address& next, net::frame_pieces pieces, net::unfinished_checksum checksum);
/// Where a neighbour is, as it said. Those that are unknown are only taken up if asked for.
void heard_of(const address& who, const hardware& where, bool take_up, bool solicited, bool override = true);
/// Something got through to it.
void confirm(const address& to);
milliseconds run_neighbours(milliseconds now);
void receive_arp(const u8* arp, std::size_t size);
void ask_v4(const address& who, const hardware* where);
void announce_v4();

// icmp.cpp
void receive_icmp(incoming& p);
enum class complaint : u8 { port, protocol, option, header };
/// Tells a sender what was wrong, at that place of its packet.
void complain(const incoming& p, complaint what, std::size_t place = 0);

// discovery.cpp
void start_v6();
void receive_discovery(incoming& p);
void ask_v6(const address& who, const hardware* where, const address* from = nullptr);
milliseconds run_discovery(milliseconds now);
bool is_own_v6(const address& a);
bool is_group(const address& a);
result<address> source_v6(const address& to);
result<address> next_hop_v6(const address& to);
std::size_t addresses_v6(std::span<net::ip_network> networks);
bool has_v6();
std::size_t link_mtu();

// dhcp.cpp
void start_dhcp();
/// Whether a datagram to port 68 is the client's.
bool dhcp_listens();
void receive_dhcp(const u8* message, std::size_t size);
/// Somebody else has the address.
void dhcp_conflict();
milliseconds run_dhcp(milliseconds now);

// datagrams.cpp
void receive_udp(incoming& p);

// tcp_input.cpp, tcp_timers.cpp, flow.cpp
void receive_tcp(incoming& p);
milliseconds run_tcp(milliseconds now);
/// A router has no room for segments of that size; `head` is the TCP header as it saw it.
void tcp_too_big(const address& from, const address& to, const u8* head, std::size_t mtu);
/// What was written to flows since goes out.
void flush();

// chance.cpp
/// Draws the secrets that sequence numbers and ports come from. Errors: io.
result<void> seed();
extern u64 table_secret;
u32 draw();
/// A port from the dynamic range (RFC 6335, 6), by chance.
u16 draw_port();
/// What only this stack knows of both ends and of two numbers.
u64 secret_of(const address& local, const address& remote, u32 ports, u64 more);

address from(const net::ip_address& a);
net::ip_address to_address(const address& a);

/// An object in the heap, or null.
template <class T>
T* make() {
    void* const place = std::malloc(sizeof(T));
    return place ? ::new (place) T() : nullptr;
}
template <class T>
void unmake(T* what) {
    std::destroy_at(what);
    std::free(what);
}

} // namespace uk::inet
